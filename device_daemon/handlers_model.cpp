// SPDX-License-Identifier: GPL-3.0-or-later
// model-query, model-push: on the worker's thread, because reading a model from disk and warming it up take long.
#include "device_daemon/server.h"

namespace splitscope::daemon {

void Server::on(const Asked& asked, const wire::ModelQuery& query)
{
    post(asked, [this, asked, query] { answer(asked, m_models.state(query.hash)); });
}

void Server::on(const Asked& asked, const wire::ModelPush& push, base::ByteView piece)
{
    auto bytes = std::make_shared<const base::Bytes>(piece.begin(), piece.end());
    post(
        asked,
        [this, asked, push, bytes] {
            const auto state = m_models.add(push, *bytes);
            if (state)
                answer(asked, wire::Body(*state));
            else
                answer(asked, base::Status(state.error()));
        },
        piece.size());
}

base::Result<std::shared_ptr<const codec::Codebook>> Server::findCodebook(codec::EntropyCoder coder, const std::string& hash,
                                                                          const char* where)
{
    if (hash.empty() && !codec::needsCodebook(coder))
        return std::shared_ptr<const codec::Codebook>();
    if (auto found = m_models.findCodebook(hash))
        return found;
    return base::Error{base::ErrorCode::Mismatch,
                       "the device does not have the codebook that coder " + toString(coder) + " needs; push it first", where};
}

}  // namespace splitscope::daemon
