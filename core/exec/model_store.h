// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/codec/codebook.h"
#include "core/model/executor.h"
#include "core/wire/messages.h"

#include <filesystem>
#include <list>

namespace splitscope::exec {

/// The device's models and codebooks, by content hash: takes them in pieces from the edge, keeps the last few ready to run, and
/// on disk where a folder is given, so that a restart needs no push. One thread at a time.
class ModelStore {
public:
    /// An empty folder: memory only.
    explicit ModelStore(std::filesystem::path cacheFolder = {}) : m_cacheFolder(std::move(cacheFolder)) {}

    /// The model, ready to run; from disk if it must. NotFound where the edge has to push it.
    base::Result<std::shared_ptr<const model::Executor>> find(const std::string& hash);
    /// The same of a codebook.
    base::Result<std::shared_ptr<const codec::Codebook>> findCodebook(const std::string& hash);
    /// What is there of a model or codebook; loads it from disk where it can.
    wire::ModelState state(const std::string& hash);

    /// One piece. Pieces come in order; one that does not go on where the last ended changes nothing, and the answer
    /// says where to go on. With the last piece the whole is checked against its hash and made ready; an Error then, or
    /// over a limit, forgets it.
    base::Result<wire::ModelState> add(const wire::ModelPush& push, base::ByteView piece);

private:
    struct Ready {
        std::string hash;
        std::uint64_t bytes = 0;
        std::shared_ptr<const model::Executor> executor;
    };
    struct Upload {
        wire::ModelPush push;
        base::Bytes bytes;
    };

    Ready* findReady(const std::string& hash);
    Upload* findUpload(const wire::ModelPush& push);
    base::Status makeReady(const std::string& hash, std::uint64_t specBytes, base::ByteView bytes);
    base::Status makeCodebookReady(const std::string& hash, base::ByteView bytes);
    [[nodiscard]] const std::shared_ptr<const codec::Codebook>* findReadyCodebook(const std::string& hash);
    base::Status loadFromDisk(const std::string& hash);
    void saveToDisk(const std::string& hash, std::uint64_t specBytes, base::ByteView bytes) const;
    void saveCodebookToDisk(const codec::Codebook& book) const;
    [[nodiscard]] std::filesystem::path cachePath(const std::string& hash, const char* suffix) const;

    std::filesystem::path m_cacheFolder;
    std::list<Ready> m_ready;  ///< last used first
    std::list<std::shared_ptr<const codec::Codebook>> m_codebooks;  ///< last used first
    std::list<Upload> m_uploads;  ///< last used first
};

}  // namespace splitscope::exec
