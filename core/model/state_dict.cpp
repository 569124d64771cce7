// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/torch_p.h"

#include "core/model/state_dict.h"

#include <algorithm>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;

/// "exit1.conv1.weight" → "exit1/conv1.weight": only the last dot parts the layer from its parameter.
std::string layerName(std::string key)
{
    const auto last = key.rfind('.');
    if (last != std::string::npos)
        std::replace(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(last), '.', '/');
    return key;
}

base::Result<Parameter> toParameter(const at::Tensor& source, const std::string& name, const std::string& where)
{
    if (!source.defined() || source.is_sparse() || source.is_quantized() || !at::isFloatingType(source.scalar_type()))
        return Error{ErrorCode::InvalidInput, "'" + name + "' is no dense tensor of floating-point numbers", where};
    const auto limit = kMaxParameterBytes / static_cast<std::int64_t>(sizeof(float));
    if (source.dim() < 1 || source.dim() > 4 || source.numel() < 1 || source.numel() > limit)
        return Error{ErrorCode::InvalidInput, "'" + name + "' is no parameter of a layer: too many dimensions or too large",
                     where};
    const auto values = source.detach().to(at::kCPU, at::kFloat).contiguous();
    if (!values.isfinite().all().item<bool>())
        return Error{ErrorCode::InvalidInput, "'" + name + "' holds a value that is no finite number", where};
    Parameter parameter;
    for (auto side : values.sizes())
        parameter.shape.push_back(static_cast<int>(side));
    const auto* first = values.data_ptr<float>();
    parameter.values.assign(first, first + values.numel());
    return parameter;
}

}  // namespace

base::Result<Weights> parseStateDict(base::ByteView bytes, const std::string& where)
{
    constexpr std::string_view kZip = "PK\x03\x04";
    if (bytes.size() < kZip.size() || base::asText(bytes.first(kZip.size())) != kZip)
        return Error{ErrorCode::InvalidInput,
                     "is neither a weights archive of this program nor a state_dict saved by PyTorch 1.6 or later", where};
    try {
        const std::vector<char> data(bytes.begin(), bytes.end());
        const auto content = torch::pickle_load(data);
        if (!content.isGenericDict())
            return Error{ErrorCode::InvalidInput, "holds no dictionary; save it with torch.save(model.state_dict(), …)", where};
        Weights weights;
        for (const auto& entry : content.toGenericDict()) {
            const auto key = entry.key().isString() ? entry.key().toStringRef() : std::string();
            if (key.empty() || !entry.value().isTensor())
                return Error{ErrorCode::InvalidInput, "'" + key + "' is no named tensor; save model.state_dict() alone", where};
            auto parameter = toParameter(entry.value().toTensor(), key, where);
            if (!parameter)
                return parameter.error();
            weights.parameters[layerName(key)] = std::move(*parameter);
        }
        weights.provenance["source"] = "PyTorch state_dict";
        return weights;
    } catch (const std::exception& problem) {
        const std::string text = problem.what();
        return Error{ErrorCode::InvalidInput, "cannot be read as a PyTorch state_dict: " + text.substr(0, text.find('\n')),
                     where};
    }
}

}  // namespace splitscope::model
