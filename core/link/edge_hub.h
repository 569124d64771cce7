// SPDX-License-Identifier: GPL-3.0-or-later
// The thread that an edge's links live on: one for all of them, however many devices there are.
#pragma once

#include <memory>

namespace splitscope::link {

/// Polls the sockets of its links and gives each its turn. Links keep it alive; where none is named a link makes one for itself.
class EdgeHub {
public:
    EdgeHub();
    ~EdgeHub();  ///< stops and joins; no link is left
    EdgeHub(const EdgeHub&) = delete;
    EdgeHub& operator=(const EdgeHub&) = delete;

private:
    friend class EdgeLink;
    struct Private;
    std::unique_ptr<Private> d;
};

}  // namespace splitscope::link
