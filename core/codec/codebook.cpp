// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/codebook.h"

#include "core/base/files.h"

#include <algorithm>
#include <zstd.h>

namespace splitscope::codec {

namespace {

using base::Error;
using base::ErrorCode;

constexpr std::string_view kMagic = "SSB1";
constexpr std::size_t kHashSize = 32;
constexpr std::size_t kMaxBody = 64 << 20;
constexpr int kZstdLevel = 19;

constexpr const char* kHowToTrain
    = "make one with `splitscope-cli codebook train`, or choose coder none, huffman-adaptive or zstd";

void appendText(base::Bytes& out, const std::string& text)
{
    base::append(out, static_cast<std::uint16_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
}

/// Appends a length, which is told when the section is done.
template <typename Write>
void appendSection(base::Bytes& out, const Write& write)
{
    const std::size_t at = out.size();
    base::append(out, std::uint32_t{0});
    write(out);
    const auto length = static_cast<std::uint32_t>(out.size() - at - sizeof(std::uint32_t));
    std::memcpy(out.data() + at, &length, sizeof length);
}

base::Bytes fromHex(const std::string& hex)
{
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    base::Bytes bytes(hex.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
    return bytes;
}

base::Bytes bodyOf(const CodebookContents& contents)
{
    base::Bytes body;
    base::append(body, static_cast<std::uint32_t>(contents.books.size()));
    for (const auto& entry : contents.books) {
        const auto& book = entry.second;
        appendText(body, entry.first.first);
        base::append(body, static_cast<std::uint8_t>(entry.first.second));
        appendSection(body, [&](base::Bytes& out) { book.huffman->serialize(out); });
        appendSection(body, [&](base::Bytes& out) {
            if (book.context)
                book.context->serialize(out);
        });
    }
    appendSection(body, [&](base::Bytes& out) {
        if (contents.frames)
            contents.frames->serialize(out);
    });
    return body;
}

base::Bytes fileOf(const CodebookContents& contents)
{
    base::Bytes file(kMagic.begin(), kMagic.end());
    appendText(file, contents.network);
    appendText(file, contents.modelHash);
    appendText(file, contents.data);
    base::append(file, contents.images);
    const auto body = bodyOf(contents);
    base::append(file, static_cast<std::uint32_t>(body.size()));
    const std::size_t at = file.size();
    file.resize(at + ZSTD_compressBound(body.size()));
    file.resize(at + ZSTD_compress(file.data() + at, file.size() - at, body.data(), body.size(), kZstdLevel));
    const auto hash = fromHex(base::sha256(file));
    file.insert(file.end(), hash.begin(), hash.end());
    return file;
}

/// Takes fields from bytes that may say anything; once something is missing all that follows is empty.
class Fields {
public:
    explicit Fields(base::ByteView in) : m_in(in) {}

    template <typename T>
    T number()
    {
        const auto bytes = take(sizeof(T));
        return bytes.empty() ? T{} : base::readAt<T>(bytes, 0);
    }
    std::string text() { return std::string(base::asText(take(number<std::uint16_t>()))); }
    base::ByteView section() { return take(number<std::uint32_t>()); }
    base::ByteView rest() { return take(m_in.size()); }
    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] bool atEnd() const { return m_ok && m_in.empty(); }

private:
    base::ByteView take(std::size_t count)
    {
        m_ok = m_ok && count <= m_in.size();
        if (!m_ok)
            return {};
        const auto taken = m_in.first(count);
        m_in = m_in.subspan(count);
        return taken;
    }

    base::ByteView m_in;
    bool m_ok = true;
};

Error broken(const std::string& text, const std::string& where) { return {ErrorCode::InvalidInput, text, where}; }

base::Result<base::Bytes> decompress(base::ByteView frame, std::size_t expected, const std::string& where)
{
    if (expected > kMaxBody || ZSTD_getFrameContentSize(frame.data(), frame.size()) != expected)
        return broken("does not hold the " + std::to_string(expected) + " bytes of books that it promises", where);
    base::Bytes body(expected);
    const auto size = ZSTD_decompress(body.data(), body.size(), frame.data(), frame.size());
    if (ZSTD_isError(size) != 0 || size != expected)
        return broken("its books cannot be decompressed", where);
    return body;
}

base::Status readBooks(base::ByteView body, CodebookContents& contents, const std::string& where)
{
    Fields fields(body);
    const auto count = fields.number<std::uint32_t>();
    for (std::uint32_t i = 0; i < count && fields.ok(); ++i) {
        const auto tensor = fields.text();
        const int bits = fields.number<std::uint8_t>();
        const auto huffmanSection = fields.section();
        const auto contextSection = fields.section();
        if (!fields.ok())
            break;
        auto which = where;
        which.append(", ").append(tensor).append(" at ").append(std::to_string(bits)).append(" bits");
        auto huffman = HuffmanBook::parse(huffmanSection, which);
        if (!huffman)
            return huffman.error();
        if (huffman->bits() != bits || tensor.empty())
            return broken("is a book for " + std::to_string(huffman->bits()) + " bits", which);
        TensorBook book;
        book.huffman = std::make_shared<const HuffmanBook>(*std::move(huffman));
        if (!contextSection.empty()) {
            auto context = ContextModel::parse(contextSection, which);
            if (!context)
                return context.error();
            if (context->bits() != bits)
                return broken("has a context model for " + std::to_string(context->bits()) + " bits", which);
            book.context = std::make_shared<const ContextModel>(*std::move(context));
        }
        if (!contents.books.emplace(std::pair(tensor, bits), std::move(book)).second)
            return broken("is there twice", which);
    }
    const auto frames = fields.section();
    if (!frames.empty()) {
        auto model = FrameModel::parse(frames, where + ", frames");
        if (!model)
            return model.error();
        contents.frames = std::make_shared<const FrameModel>(*std::move(model));
    }
    if (!fields.atEnd())
        return broken("its books do not end where it does", where);
    return {};
}

}  // namespace

Codebook::Codebook(CodebookContents contents) : m_contents(std::move(contents)), m_bytes(fileOf(m_contents))
{
    m_hash = base::sha256(base::ByteView(m_bytes).first(m_bytes.size() - kHashSize));
}

const TensorBook* Codebook::find(const std::string& tensor, int bits) const
{
    const auto found = m_contents.books.find({tensor, bits});
    return found == m_contents.books.end() ? nullptr : &found->second;
}

base::Result<Codebook> Codebook::parse(base::Bytes bytes, const std::string& where)
{
    if (!isCodebook(bytes))
        return broken("is no codebook of this program (it would begin with SSB1)", where);
    if (bytes.size() < kMagic.size() + kHashSize || bytes.size() > kMaxCodebookBytes)
        return broken("is cut off, or larger than any codebook; copy or train it again", where);
    const auto hashed = base::ByteView(bytes).first(bytes.size() - kHashSize);
    Codebook book;
    book.m_hash = base::sha256(hashed);
    if (const auto hash = fromHex(book.m_hash); !std::equal(hash.begin(), hash.end(), bytes.end() - kHashSize))
        return broken("is damaged: its checksum does not match; copy or train it again", where);
    Fields fields(hashed.subspan(kMagic.size()));
    auto& contents = book.m_contents;
    contents.network = fields.text();
    contents.modelHash = fields.text();
    contents.data = fields.text();
    contents.images = fields.number<std::uint32_t>();
    const std::size_t bodySize = fields.number<std::uint32_t>();
    const auto frame = fields.rest();
    if (!fields.ok())
        return broken("is cut off", where);
    const auto body = decompress(frame, bodySize, where);
    if (!body)
        return body.error();
    if (auto status = readBooks(*body, contents, where); !status)
        return status.error();
    book.m_bytes = std::move(bytes);
    return book;
}

bool isCodebook(base::ByteView bytes)
{
    return bytes.size() >= kMagic.size() && base::asText(bytes.first(kMagic.size())) == kMagic;
}

base::Result<std::shared_ptr<const Codebook>> loadCodebook(const std::filesystem::path& path)
{
    auto bytes = base::readFile(path, kMaxCodebookBytes);
    if (!bytes)
        return bytes.error();
    auto book = Codebook::parse(*std::move(bytes), path.string());
    if (!book)
        return book.error();
    return std::make_shared<const Codebook>(*std::move(book));
}

base::Result<std::shared_ptr<const Codebook>> loadShippedCodebook(const std::string& network, const std::string& data)
{
    const auto path = base::resourcePath("models/" + network + "/" + data + ".codebook");
    if (!path)
        return Error{ErrorCode::NotFound, std::string("no codebook of ") + network + " on " + data + " ships; " + kHowToTrain,
                     network + "/" + data};
    return loadCodebook(*path);
}

CoderOptions BookedCoder::forTensor(const std::string& tensor, const Coding& coding) const
{
    CoderOptions options(coder);
    if (codebook && coding.kind == CodingKind::Quantized)
        options.book = codebook->find(tensor, coding.parameter);
    return options;
}

CoderOptions BookedCoder::forFrames() const
{
    CoderOptions options(coder);
    if (codebook)
        options.frames = codebook->contents().frames.get();
    return options;
}

base::Status checkBook(const BookedCoder& coder, const std::string& tensor, const Coding& coding)
{
    if (coding.kind != CodingKind::Quantized || !needsCodebook(coder.coder))
        return {};
    return checkBook(coder.forTensor(tensor, coding), coding, tensor);
}

}  // namespace splitscope::codec
