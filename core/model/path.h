// SPDX-License-Identifier: GPL-3.0-or-later
// The way of a frame to one exit, its cuts, and what each layer costs.
#pragma once

#include "core/model/network_spec.h"

#include <string_view>
#include <utility>

namespace splitscope::model {

/// A layer on a path, with its accounting per frame.
struct PathLayer {
    LayerSpec spec;
    base::Shape input;
    base::Shape output;
    double flops = 0;  ///< 2 per multiply-add; 1 per comparison, addition or multiplication elsewhere
    double parameters = 0;  ///< weights and biases
    double inputBytes = 0;  ///< as float32
    double outputBytes = 0;
};

/// A layer on an input that fits it.
PathLayer account(const LayerSpec& layer, const base::Shape& input);

/// What a layer is made of: itself, or a residual block's body, then its shortcut.
std::vector<PathLayer> innerLayers(const PathLayer& layer);

/// What a Path says of one cut, without accounting for its layers: cheap enough for each request. The exit and the cut exist.
std::string_view cutName(const NetworkSpec& spec, int exit, int p);
base::Shape cutShape(const NetworkSpec& spec, int exit, int p);

/// Layers 1..N_e of one exit. Cut p lies behind layer p; cut 0 is the input, cut N_e the result.
class Path {
public:
    /// exit is 1-based and must exist.
    Path(const NetworkSpec& spec, int exit);

    [[nodiscard]] int exit() const { return m_exit; }
    [[nodiscard]] int length() const { return static_cast<int>(m_layers.size()); }
    /// Layer i, 1-based.
    [[nodiscard]] const PathLayer& layer(int i) const { return m_layers[static_cast<std::size_t>(i - 1)]; }
    [[nodiscard]] const std::vector<PathLayer>& layers() const& { return m_layers; }
    [[nodiscard]] std::vector<PathLayer> layers() && { return std::move(m_layers); }  // so that a loop may hold a temporary

    /// Shape of what crosses at cut p.
    [[nodiscard]] const base::Shape& cutShape(int p) const;
    /// Name of the tensor at cut p: "input", else the layer that makes it. Dropout does nothing at inference, so a cut
    /// behind it carries the name of the tensor before it; trunk tensors are shared by exits. Tables are keyed by this.
    [[nodiscard]] const std::string& cutName(int p) const;
    /// The lowest cut that is the same tensor as cut p.
    [[nodiscard]] int canonicalCut(int p) const;
    /// Cuts that are distinct tensors, ascending, from 0 to N_e. N_e is always among them.
    [[nodiscard]] std::vector<int> distinctCuts() const;

private:
    int m_exit;
    base::Shape m_input;
    std::vector<PathLayer> m_layers;
    std::vector<std::string> m_cutNames;  ///< N_e + 1 of them
};

}  // namespace splitscope::model
