// SPDX-License-Identifier: GPL-3.0-or-later
// Python's pickle format, as far as PyTorch's state_dicts use it. Nothing is executed: names of Python objects stay names.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <deque>
#include <map>

namespace splitscope::model {

/// One object of a pickle. References go to other nodes of the same Pickle.
struct PickleNode {
    enum class Kind {
        None,
        Number,  ///< `number`: int, bool
        Real,  ///< `real`
        Text,  ///< `text`
        Global,  ///< `text`: "module name"
        List,  ///< `items`: tuple or list
        Dictionary,  ///< `items`: key, value, key, value, …
        Call,  ///< `items`: the callable (a Global), then its arguments
        Persistent,  ///< `items`: the one identifier
        Mark
    };

    Kind kind = Kind::None;
    std::int64_t number = 0;
    double real = 0;
    std::string text;
    std::vector<const PickleNode*> items;
};

/// A parsed pickle; owns its nodes.
class Pickle {
public:
    static base::Result<Pickle> parse(base::ByteView bytes, const std::string& where);

    [[nodiscard]] const PickleNode& root() const { return *m_root; }

private:
    friend class PickleReader;
    std::deque<PickleNode> m_nodes;  // addresses stay; flat, so that deep nesting cannot exhaust the stack
    const PickleNode* m_root = nullptr;
};

}  // namespace splitscope::model
