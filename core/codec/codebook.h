// SPDX-License-Identifier: GPL-3.0-or-later
// What both sides must know to code a network's tensors by `huffman` and `context`, and its frames: trained offline, shipped
// as one file, told apart by its hash. BITSTREAMS.md has the format.
#pragma once

#include "core/codec/coding.h"
#include "core/codec/context_model.h"
#include "core/codec/feature_codec.h"
#include "core/codec/frame_model.h"
#include "core/codec/huffman_book.h"

#include <filesystem>
#include <map>
#include <memory>
#include <utility>

namespace splitscope::codec {

inline constexpr std::size_t kMaxCodebookBytes = 32 << 20;

/// What is known about one tensor at one bit width.
struct TensorBook {
    std::shared_ptr<const HuffmanBook> huffman;
    std::shared_ptr<const ContextModel> context;  ///< null where none was trained
};

struct CodebookContents {
    std::string network;
    std::string modelHash;  ///< of the weights whose activations it was trained on; others work, but cost more bytes
    std::string data;
    std::uint32_t images = 0;  ///< that it was trained on
    std::map<std::pair<std::string, int>, TensorBook> books;  ///< by tensor (cut) name and bits
    std::shared_ptr<const FrameModel> frames;  ///< null: lossless frames are WebP
};

/// Immutable; any thread.
class Codebook {
public:
    /// Every book has Huffman codes for its bits.
    explicit Codebook(CodebookContents contents);

    [[nodiscard]] const CodebookContents& contents() const { return m_contents; }
    /// Null where that tensor has no book at those bits.
    [[nodiscard]] const TensorBook* find(const std::string& tensor, int bits) const;
    /// The file: magic "SSB1", names, zstd-compressed books, SHA-256 of all before.
    [[nodiscard]] const base::Bytes& bytes() const { return m_bytes; }
    /// That SHA-256, lower-case hexadecimal: the codebook's identity.
    [[nodiscard]] const std::string& hash() const { return m_hash; }

    /// Damaged or foreign bytes are Errors; nothing is believed before the hash is right, nor any length after.
    static base::Result<Codebook> parse(base::Bytes bytes, const std::string& where);

private:
    Codebook() = default;

    CodebookContents m_contents;
    base::Bytes m_bytes;
    std::string m_hash;
};

base::Result<std::shared_ptr<const Codebook>> loadCodebook(const std::filesystem::path& path);
/// The codebook shipped for a network's weights on `data`.
base::Result<std::shared_ptr<const Codebook>> loadShippedCodebook(const std::string& network, const std::string& data);
/// Whether a file begins as a codebook does.
[[nodiscard]] bool isCodebook(base::ByteView bytes);

/// A run's entropy coder, with the codebook if it needs one.
struct BookedCoder {
    EntropyCoder coder = EntropyCoder::None;
    std::shared_ptr<const Codebook> codebook;

    BookedCoder() = default;
    BookedCoder(EntropyCoder which, std::shared_ptr<const Codebook> with = nullptr) : coder(which), codebook(std::move(with)) {}

    /// What feature_codec.h needs for this tensor; valid as long as the codebook.
    [[nodiscard]] CoderOptions forTensor(const std::string& tensor, const Coding& coding) const;
    [[nodiscard]] CoderOptions forFrames() const;
};

/// An Error that says how to make a book where that tensor needs one and has none.
base::Status checkBook(const BookedCoder& coder, const std::string& tensor, const Coding& coding);

}  // namespace splitscope::codec
