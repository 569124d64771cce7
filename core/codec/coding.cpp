// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/codec/coding.h"

#include "core/base/units.h"

namespace splitscope::codec {

namespace {

constexpr std::string_view kJpegPrefix = "jpeg:";

base::Error unknownCoding(const std::string& text)
{
    return {base::ErrorCode::InvalidInput,
            "'" + text + "' is no coding; use a bit width (2 to 16), float32, raw, lossless, jpeg:QUALITY (1 to 100) or label",
            "coding"};
}

}  // namespace

base::Result<Coding> parseCoding(const std::string& text)
{
    if (text == "label")
        return Coding{CodingKind::LabelOnly, 0};
    if (text == "float32")
        return Coding{CodingKind::Float32, 0};
    if (text == "raw")
        return Coding{CodingKind::Raw, 0};
    if (text == "lossless")
        return Coding{CodingKind::Lossless, 0};

    const bool jpeg = text.starts_with(kJpegPrefix);
    const std::string digits = jpeg ? text.substr(kJpegPrefix.size()) : text;
    const auto number = base::parseInteger(digits, jpeg ? 1 : kMinBits, jpeg ? 100 : kMaxBits, "coding");
    if (!number)
        return unknownCoding(text);
    return Coding{jpeg ? CodingKind::Jpeg : CodingKind::Quantized, static_cast<int>(*number)};
}

std::string toString(const Coding& coding)
{
    switch (coding.kind) {
    case CodingKind::LabelOnly: return "label";
    case CodingKind::Quantized: return std::to_string(coding.parameter);
    case CodingKind::Float32: return "float32";
    case CodingKind::Raw: return "raw";
    case CodingKind::Lossless: return "lossless";
    case CodingKind::Jpeg: return std::string(kJpegPrefix) + std::to_string(coding.parameter);
    }
    return "unknown";
}

base::Result<EntropyCoder> parseEntropyCoder(const std::string& text)
{
    for (const auto coder : kEntropyCoders)
        if (text == toString(coder))
            return coder;
    return base::Error{base::ErrorCode::InvalidInput,
                       "'" + text + "' is no entropy coder; use none, huffman-adaptive, huffman, context or zstd",
                       "entropy coder"};
}

std::string toString(EntropyCoder coder)
{
    switch (coder) {
    case EntropyCoder::None: return "none";
    case EntropyCoder::HuffmanAdaptive: return "huffman-adaptive";
    case EntropyCoder::Huffman: return "huffman";
    case EntropyCoder::Context: return "context";
    case EntropyCoder::Zstd: return "zstd";
    }
    return "unknown";
}

}  // namespace splitscope::codec
