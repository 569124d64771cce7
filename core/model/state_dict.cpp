// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/state_dict.h"

#include "core/data/file_tree.h"
#include "core/model/pickle.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

namespace splitscope::model {

namespace {

using base::Error;
using base::ErrorCode;
using Kind = PickleNode::Kind;

constexpr std::size_t kMaxPickle = 4 << 20;
constexpr std::int64_t kMaxValues = kMaxParameterBytes / static_cast<std::int64_t>(sizeof(float));
constexpr std::size_t kMaxTensors = 4 * kMaxLayers;

enum class Element { Half, BFloat16, Float, Double };

std::optional<Element> elementOf(const std::string& storageName)
{
    if (storageName == "torch HalfStorage")
        return Element::Half;
    if (storageName == "torch BFloat16Storage")
        return Element::BFloat16;
    if (storageName == "torch FloatStorage")
        return Element::Float;
    if (storageName == "torch DoubleStorage")
        return Element::Double;
    return std::nullopt;
}

std::size_t sizeOf(Element element)
{
    switch (element) {
    case Element::Half:
    case Element::BFloat16: return 2;
    case Element::Float: return 4;
    case Element::Double: return 8;
    }
    return 8;
}

float fromHalf(std::uint16_t bits)
{
    const int exponent = bits >> 10 & 0x1f;
    const float fraction = static_cast<float>(bits & 0x3ff);
    const float sign = bits & 0x8000 ? -1.0F : 1.0F;
    if (exponent == 0x1f)
        return fraction == 0 ? sign * HUGE_VALF : std::nanf("");
    return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(fraction + 1024, exponent - 25));
}

float valueAt(base::ByteView bytes, std::size_t index, Element element)
{
    const auto at = index * sizeOf(element);
    switch (element) {
    case Element::Half: return fromHalf(base::readAt<std::uint16_t>(bytes, at));
    case Element::BFloat16: return std::bit_cast<float>(static_cast<std::uint32_t>(base::readAt<std::uint16_t>(bytes, at)) << 16);
    case Element::Float: return base::readAt<float>(bytes, at);
    case Element::Double: return static_cast<float>(base::readAt<double>(bytes, at));
    }
    return 0;
}

/// "exit1.conv1.weight" → "exit1/conv1.weight": only the last dot parts the layer from its parameter.
std::string layerName(std::string key)
{
    const auto last = key.rfind('.');
    if (last != std::string::npos)
        std::replace(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(last), '.', '/');
    return key;
}

std::optional<std::vector<std::int64_t>> numbersOf(const PickleNode& node)
{
    std::vector<std::int64_t> numbers;
    for (const auto* item : node.items) {
        if (item->kind != Kind::Number || item->number < 0 || item->number > kMaxValues)
            return std::nullopt;
        numbers.push_back(item->number);
    }
    if (node.kind != Kind::List)
        return std::nullopt;
    return numbers;
}

/// A tensor as the pickle describes it: a strided view of a storage.
struct View {
    std::string storage;  ///< the record's name in the archive
    Element element = Element::Float;
    std::int64_t offset = 0;
    std::vector<std::int64_t> sizes;
    std::vector<std::int64_t> strides;
};

class StateDict {
public:
    StateDict(const data::FileTree& archive, std::string where) : m_archive(archive), m_where(std::move(where)) {}

    base::Result<Weights> read()
    {
        const auto bytes = readRecord("data.pkl");
        if (!bytes)
            return bytes.error();
        if (bytes->size() > kMaxPickle)
            return fail("its data.pkl is larger than any state_dict's");
        const auto pickle = Pickle::parse(*bytes, m_where);
        if (!pickle)
            return pickle.error();
        const auto& root = pickle->root();
        if (root.kind != Kind::Dictionary || root.items.size() > 2 * kMaxTensors)
            return fail("holds no state_dict; save it with torch.save(model.state_dict(), …)");
        Weights weights;
        std::int64_t total = 0;
        for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
            const auto& key = root.items[i]->text;
            auto parameter = readTensor(key, *root.items[i + 1], total);
            if (!parameter)
                return parameter.error();
            weights.parameters[layerName(key)] = std::move(*parameter);
        }
        weights.provenance["source"] = "PyTorch state_dict";
        return weights;
    }

private:
    [[nodiscard]] Error fail(const std::string& text) const { return {ErrorCode::InvalidInput, text, m_where}; }

    /// A record by its name below the archive's one folder.
    [[nodiscard]] base::Result<base::Bytes> readRecord(const std::string& name) const
    {
        const auto& paths = m_archive.paths();
        for (std::size_t i = 0; i < paths.size(); ++i) {
            const auto slash = paths[i].find('/');
            if (slash != std::string::npos && std::string_view(paths[i]).substr(slash + 1) == name)
                return m_archive.read(i);
        }
        return fail("has no record '" + name + "': no state_dict of PyTorch 1.6 or later, or a damaged one");
    }

    static std::optional<View> viewOf(const PickleNode& node)
    {
        if (node.kind != Kind::Call || node.items.size() < 2)
            return std::nullopt;
        const auto& function = node.items[0]->text;
        if (function == "torch._utils _rebuild_parameter" && node.items[1]->kind == Kind::Call
            && node.items[1]->items[0]->text == "torch._utils _rebuild_tensor_v2")
            return viewOf(*node.items[1]);
        if (function != "torch._utils _rebuild_tensor_v2" || node.items.size() < 5 || node.items[1]->kind != Kind::Persistent
            || node.items[2]->kind != Kind::Number || node.items[2]->number < 0 || node.items[2]->number > kMaxValues)
            return std::nullopt;
        const auto& identifier = node.items[1]->items[0]->items;  // ('storage', type, key, device, elements)
        if (identifier.size() < 5 || identifier[0]->text != "storage")
            return std::nullopt;
        const auto element = elementOf(identifier[1]->text);
        const auto sizes = numbersOf(*node.items[3]);
        const auto strides = numbersOf(*node.items[4]);
        if (!element || !sizes || !strides || sizes->size() != strides->size())
            return std::nullopt;
        return View{"data/" + identifier[2]->text, *element, node.items[2]->number, *sizes, *strides};
    }

    [[nodiscard]] base::Result<Parameter> readTensor(const std::string& key, const PickleNode& node, std::int64_t& total) const
    {
        const auto view = viewOf(node);
        if (key.empty() || !view)
            return fail("'" + key + "' is no dense tensor of floating-point numbers; save model.state_dict() alone, with batch "
                        + "normalisation folded into its convolutions, as tools/export_pytorch.py does");
        std::int64_t count = 1;
        std::int64_t last = view->offset;
        for (std::size_t d = 0; d < view->sizes.size(); ++d) {
            if (view->sizes[d] < 1 || count > kMaxValues / view->sizes[d])
                return fail("'" + key + "' is empty, or too large for any layer");
            count *= view->sizes[d];
            last += (view->sizes[d] - 1) * view->strides[d];
        }
        total += count;
        if (view->sizes.empty() || view->sizes.size() > 4 || total > kMaxValues)
            return fail("'" + key + "' is no parameter of a layer, or all of them are larger than 64 MB");
        const auto bytes = readRecord(view->storage);
        if (!bytes)
            return bytes.error();
        if (last < 0 || static_cast<std::size_t>(last) >= bytes->size() / sizeOf(view->element))
            return fail("'" + key + "' reaches beyond its storage");
        return gather(key, *view, *bytes, count);
    }

    [[nodiscard]] base::Result<Parameter> gather(const std::string& key, const View& view, base::ByteView bytes,
                                                 std::int64_t count) const
    {
        Parameter parameter{base::Shape(view.sizes.begin(), view.sizes.end()), {}};
        parameter.values.reserve(static_cast<std::size_t>(count));
        std::vector<std::int64_t> index(view.sizes.size(), 0);
        std::int64_t at = view.offset;
        for (std::int64_t i = 0; i < count; ++i) {
            parameter.values.push_back(valueAt(bytes, static_cast<std::size_t>(at), view.element));
            if (!std::isfinite(parameter.values.back()))
                return fail("'" + key + "' holds a value that is no finite number");
            for (std::size_t d = view.sizes.size(); d-- > 0;) {
                at += view.strides[d];
                if (++index[d] < view.sizes[d])
                    break;
                at -= view.strides[d] * view.sizes[d];
                index[d] = 0;
            }
        }
        return parameter;
    }

    const data::FileTree& m_archive;
    std::string m_where;
};

}  // namespace

base::Result<Weights> loadStateDict(const std::filesystem::path& path)
{
    const auto archive = data::openZipTree(path);
    if (!archive)
        return Error{ErrorCode::InvalidInput,
                     "is neither a weights archive of this program nor a state_dict saved by PyTorch 1.6 or later ("
                         + archive.error().text + ")",
                     path.string()};
    return StateDict(**archive, path.string()).read();
}

}  // namespace splitscope::model
