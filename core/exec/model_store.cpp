// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exec/model_store.h"

#include "core/base/files.h"
#include "core/base/log.h"

#include <algorithm>

namespace splitscope::exec {

namespace {

constexpr std::size_t kKeptModels = 4;
constexpr std::size_t kMaxUploads = 2;  ///< at a time: of two edges that push different models
constexpr std::size_t kKeptFiles = 16;
constexpr std::size_t kMaxHashLength = 128;
constexpr const char* kCacheSuffix = ".ssmodel";
constexpr const char* kCodebookSuffix = ".sscodebook";

/// Hashes come from the link and become file names.
bool isHash(const std::string& hash)
{
    return !hash.empty() && hash.size() <= kMaxHashLength
        && std::all_of(hash.begin(), hash.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

base::Error wrong(base::ErrorCode code, const std::string& text) { return {code, text, "model-push"}; }

bool isCodebook(const wire::ModelPush& push) { return push.specBytes == 0; }

base::Status checkPush(const wire::ModelPush& push, base::ByteView piece)
{
    if (!isHash(push.hash))
        return wrong(base::ErrorCode::InvalidInput, "the hash is not lower-case hexadecimal");
    if (push.totalBytes > wire::kMaxModelBytes)
        return wrong(base::ErrorCode::TooLarge,
                     "a model of " + std::to_string(push.totalBytes) + " bytes is over the limit of "
                         + std::to_string(wire::kMaxModelBytes));
    if (isCodebook(push) && push.totalBytes > codec::kMaxCodebookBytes)
        return wrong(base::ErrorCode::TooLarge,
                     "a codebook of " + std::to_string(push.totalBytes) + " bytes is over the limit of "
                         + std::to_string(codec::kMaxCodebookBytes));
    if (push.specBytes >= push.totalBytes)
        return wrong(base::ErrorCode::InvalidInput,
                     "the spec's " + std::to_string(push.specBytes) + " bytes are not part of "
                         + std::to_string(push.totalBytes));
    if (push.offset > push.totalBytes || piece.size() > push.totalBytes - push.offset)
        return wrong(base::ErrorCode::InvalidInput,
                     "the piece at " + std::to_string(push.offset) + " reaches behind the model's end");
    return {};
}

/// Keeps the newest files of a kind in a cache folder.
void prune(const std::filesystem::path& folder, const char* suffix)
{
    std::error_code ignored;
    std::vector<std::pair<std::filesystem::file_time_type, std::filesystem::path>> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
        if (entry.path().extension() == suffix)
            files.emplace_back(entry.last_write_time(ignored), entry.path());
    std::sort(files.rbegin(), files.rend());
    for (auto i = kKeptFiles; i < files.size(); ++i)
        std::filesystem::remove(files[i].second, ignored);
}

}  // namespace

ModelStore::Ready* ModelStore::findReady(const std::string& hash)
{
    const auto found = std::find_if(m_ready.begin(), m_ready.end(), [&](const Ready& ready) { return ready.hash == hash; });
    if (found == m_ready.end())
        return nullptr;
    m_ready.splice(m_ready.begin(), m_ready, found);
    return &m_ready.front();
}

base::Result<std::shared_ptr<const model::Executor>> ModelStore::find(const std::string& hash)
{
    if (auto* ready = findReady(hash))
        return ready->executor;
    if (auto status = loadFromDisk(hash); !status)
        return status.error();
    return m_ready.front().executor;
}

wire::ModelState ModelStore::state(const std::string& hash)
{
    wire::ModelState state{hash, false, 0};
    if (find(hash).ok()) {
        state = {hash, true, m_ready.front().bytes};
    } else if (const auto book = findCodebook(hash)) {
        state = {hash, true, (*book)->bytes().size()};
    } else {
        for (const auto& upload : m_uploads)
            if (upload.push.hash == hash)
                state.receivedBytes = upload.bytes.size();
    }
    return state;
}

ModelStore::Upload* ModelStore::findUpload(const wire::ModelPush& push)
{
    const auto found
        = std::find_if(m_uploads.begin(), m_uploads.end(), [&](const Upload& upload) { return upload.push.hash == push.hash; });
    if (found != m_uploads.end()) {
        const bool same = found->push.totalBytes == push.totalBytes && found->push.specBytes == push.specBytes;
        m_uploads.splice(m_uploads.begin(), m_uploads, found);
        if (same)
            return &m_uploads.front();
        m_uploads.pop_front();
    }
    if (push.offset != 0)
        return nullptr;
    m_uploads.push_front({push, {}});
    if (m_uploads.size() > kMaxUploads)
        m_uploads.pop_back();
    return &m_uploads.front();
}

base::Result<wire::ModelState> ModelStore::add(const wire::ModelPush& push, base::ByteView piece)
{
    if (auto status = checkPush(push, piece); !status)
        return status.error();
    if (findReady(push.hash) || findReadyCodebook(push.hash))
        return wire::ModelState{push.hash, true, push.totalBytes};
    auto* upload = findUpload(push);
    if (!upload)
        return wire::ModelState{push.hash, false, 0};
    if (push.offset == upload->bytes.size())
        upload->bytes.insert(upload->bytes.end(), piece.begin(), piece.end());
    const auto received = static_cast<std::uint64_t>(upload->bytes.size());
    if (received < push.totalBytes)
        return wire::ModelState{push.hash, false, received};

    const auto bytes = std::move(upload->bytes);
    m_uploads.pop_front();
    if (isCodebook(push)) {
        if (auto status = makeCodebookReady(push.hash, bytes); !status)
            return status.error();
        saveCodebookToDisk(*m_codebooks.front());
        return wire::ModelState{push.hash, true, received};
    }
    if (auto status = makeReady(push.hash, push.specBytes, bytes); !status)
        return status.error();
    saveToDisk(push.hash, push.specBytes, bytes);
    return wire::ModelState{push.hash, true, received};
}

base::Status ModelStore::makeReady(const std::string& hash, std::uint64_t specBytes, base::ByteView bytes)
{
    const auto where = "model " + hash.substr(0, 12);
    const auto spec = model::parseNetworkSpec(base::asText(bytes.first(specBytes)), where);
    if (!spec)
        return spec.error();
    const auto weights = model::parseWeights(bytes.subspan(specBytes), where);
    if (!weights)
        return weights.error();
    if (auto status = model::checkWeights(*spec, *weights); !status)
        return status;
    if (const auto actual = model::modelHash(*spec, *weights); actual != hash)
        return base::Error{base::ErrorCode::Mismatch, "what arrived has the hash " + actual + "; push it again", where};
    auto executor = model::Executor::create(*spec, *weights);
    if (!executor)
        return executor.error();
    m_ready.push_front({hash, bytes.size(), std::shared_ptr<const model::Executor>(std::move(*executor))});
    if (m_ready.size() > kKeptModels)
        m_ready.pop_back();
    return {};
}

std::filesystem::path ModelStore::cachePath(const std::string& hash, const char* suffix) const
{
    return m_cacheFolder / (hash + suffix);
}

base::Status ModelStore::loadFromDisk(const std::string& hash)
{
    const base::Error missing{base::ErrorCode::NotFound, "is not on this device; push the model first",
                              "model " + hash.substr(0, 12)};
    if (m_cacheFolder.empty() || !isHash(hash))
        return missing;
    const auto path = cachePath(hash, kCacheSuffix);
    const auto file = base::readFile(path, wire::kMaxModelBytes + sizeof(std::uint64_t));
    if (!file || file->size() < sizeof(std::uint64_t))
        return missing;
    const base::ByteView bytes = base::ByteView(*file).subspan(sizeof(std::uint64_t));
    const auto specBytes = base::readAt<std::uint64_t>(*file, 0);
    base::Status status = base::Error{base::ErrorCode::InvalidInput, "is cut short", path.string()};
    if (specBytes > 0 && specBytes < bytes.size())
        status = makeReady(hash, specBytes, bytes);
    if (status)
        return {};
    base::logError("models", status.error());
    std::error_code ignored;
    std::filesystem::remove(path, ignored);  // spoilt: the edge will push it again
    return missing;
}

void ModelStore::saveToDisk(const std::string& hash, std::uint64_t specBytes, base::ByteView bytes) const
{
    if (m_cacheFolder.empty())
        return;
    std::error_code failed;
    std::filesystem::create_directories(m_cacheFolder, failed);
    base::Bytes file;
    file.reserve(bytes.size() + sizeof specBytes);
    base::append(file, specBytes);
    file.insert(file.end(), bytes.begin(), bytes.end());
    if (auto status = base::writeFileAtomically(cachePath(hash, kCacheSuffix), file); !status)
        base::logError("models", status.error());  // works without; the next start needs a push
    prune(m_cacheFolder, kCacheSuffix);
}

// --- Codebooks ---------------------------------------------------------------------------------------------------------

const std::shared_ptr<const codec::Codebook>* ModelStore::findReadyCodebook(const std::string& hash)
{
    const auto found
        = std::find_if(m_codebooks.begin(), m_codebooks.end(), [&](const auto& book) { return book->hash() == hash; });
    if (found == m_codebooks.end())
        return nullptr;
    m_codebooks.splice(m_codebooks.begin(), m_codebooks, found);
    return &m_codebooks.front();
}

base::Result<std::shared_ptr<const codec::Codebook>> ModelStore::findCodebook(const std::string& hash)
{
    if (const auto* ready = findReadyCodebook(hash))
        return *ready;
    const base::Error missing{base::ErrorCode::NotFound, "is not on this device; push the codebook first",
                              "codebook " + hash.substr(0, 12)};
    if (m_cacheFolder.empty() || !isHash(hash))
        return missing;
    const auto path = cachePath(hash, kCodebookSuffix);
    const auto file = base::readFile(path, codec::kMaxCodebookBytes);
    if (!file)
        return missing;
    if (auto status = makeCodebookReady(hash, *file); !status) {
        base::logError("models", status.error());
        std::error_code ignored;
        std::filesystem::remove(path, ignored);  // spoilt: the edge will push it again
        return missing;
    }
    return m_codebooks.front();
}

base::Status ModelStore::makeCodebookReady(const std::string& hash, base::ByteView bytes)
{
    const auto where = "codebook " + hash.substr(0, 12);
    auto book = codec::Codebook::parse({bytes.begin(), bytes.end()}, where);
    if (!book)
        return book.error();
    if (book->hash() != hash)
        return base::Error{base::ErrorCode::Mismatch, "what arrived has the hash " + book->hash() + "; push it again", where};
    m_codebooks.push_front(std::make_shared<const codec::Codebook>(*std::move(book)));
    if (m_codebooks.size() > kKeptModels)
        m_codebooks.pop_back();
    return {};
}

void ModelStore::saveCodebookToDisk(const codec::Codebook& book) const
{
    if (m_cacheFolder.empty())
        return;
    std::error_code failed;
    std::filesystem::create_directories(m_cacheFolder, failed);
    if (auto status = base::writeFileAtomically(cachePath(book.hash(), kCodebookSuffix), book.bytes()); !status)
        base::logError("models", status.error());  // works without; the next start needs a push
    prune(m_cacheFolder, kCodebookSuffix);
}

}  // namespace splitscope::exec
