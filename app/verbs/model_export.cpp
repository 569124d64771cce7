// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope-cli model export
#include "app/verbs/model_export.h"

#include "app/verbs/verbs.h"
#include "core/base/files.h"
#include "core/model/onnx_export.h"
#include "core/session/model_package.h"

#include <cstdio>

namespace splitscope::app {

int modelExport(const std::vector<std::string>& arguments, std::stop_token)
{
    std::string model = "alexnet3", data = "patterns", weightsFile, format = "onnx";
    std::filesystem::path out;
    int exit = 0, first = 0, last = -1, batch = 0;
    Options options(
        "model export --out FILE [options]",
        "Writes an exit's layers, or a slice of them, for other runtimes: what stands between two cuts. The input is\n"
        "called after the cut that it comes from, the output after the one that it goes to.");
    options.text("--format", "FORMAT", "onnx (opset 13)", format);
    options.text("--model", "NAME|FILE", "a shipped network (see model info), or a spec file", model);
    options.text("--data", "SOURCE", "which of the shipped weights: patterns, cifar10, …", data);
    options.text("--weights", "FILE", "weights (default: those shipped for the model and the data)", weightsFile);
    options.integer("--exit", "E", "the exit (default: the last)", exit, 1, 1000);
    options.integer("--first", "P", "the cut to begin at (0, the input)", first, 0, 1000);
    options.integer("--last", "P", "the cut to end at (default: the exit's result)", last, 0, 1000);
    options.integer("--batch", "N", "frames in a run (default: any)", batch, 1, 1 << 20);
    options.path("--out", "FILE", "the model", out);
    if (const auto answered = parseOrAnswer(options, "model export", arguments))
        return *answered;
    if (format != "onnx")
        return wrongUsage("model export",
                          {base::ErrorCode::InvalidInput, "'" + format + "' is unknown; there is onnx", "--format"});
    if (out.empty())
        return wrongUsage("model export", {base::ErrorCode::InvalidInput, "is needed: where the model shall go", "--out"});
    const auto spec = model::loadNetworkSpec(model);
    if (!spec)
        return wrongUsage("model export", spec.error());
    const auto weights = session::findWeights(spec->name, data, weightsFile);
    if (!weights)
        return fail(weights.error());
    model::OnnxSlice slice{exit > 0 ? exit : spec->exitCount(), first, {}, {}};
    if (last >= 0)
        slice.last = last;
    if (batch > 0)
        slice.batch = batch;
    const auto onnx = model::toOnnx(*spec, *weights, slice);
    if (!onnx)
        return fail(onnx.error());
    if (const auto written = base::writeFileAtomically(out, *onnx); !written)
        return fail(written.error());
    std::printf("%s: %zu bytes\n", out.c_str(), onnx->size());
    return kDone;
}

}  // namespace splitscope::app
