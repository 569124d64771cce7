// SPDX-License-Identifier: GPL-3.0-or-later
// What is said of sizes and accuracies, held against the decisions.
#include "core/session/figure_size_accuracy_p.h"
#include "core/session/figure_text.h"

#include <algorithm>
#include <limits>
#include <map>

namespace splitscope::session {

namespace {

using codec::CodingKind;
using codec::EntropyCoder;

/// "To 1/10 or less."
constexpr double kTenth = 0.1;
constexpr int kPaperMostBits = 12;

/// One coder's shares of float32 at one width, cut by cut.
struct Shares {
    std::vector<double> shares;
    double most = 0;
    std::string worst;
    [[nodiscard]] std::size_t tenths() const
    {
        return static_cast<std::size_t>(
            std::count_if(shares.begin(), shares.end(), [](double share) { return share <= kTenth; }));
    }
};

std::map<int, Shares> sharesOf(const PathCuts& path, const std::vector<SizedDecision>& decisions, EntropyCoder coder)
{
    std::map<int, Shares> byBits;
    for (const auto& sized : decisions) {
        if (sized.coding.kind != CodingKind::Quantized || sized.coder != coder)
            continue;
        const auto cut = std::find_if(path.cuts.begin(), path.cuts.end(), [&](const Cut& c) { return c.tensor == sized.tensor; });
        if (cut == path.cuts.end())
            continue;
        auto& one = byBits[sized.coding.parameter];
        one.shares.push_back(sized.bytes / cut->float32Bytes);
        if (one.shares.back() > one.most) {
            one.most = one.shares.back();
            one.worst = sized.tensor;
        }
    }
    return byBits;
}

/// With the table in the message, as the paper has it; else by a codebook.
Statement toATenth(const PathCuts& path, const std::vector<SizedDecision>& decisions)
{
    Statement statement{"Quantization and Huffman coding can compress data to 1/10 or less.", Verdict::Unknown,
                        "the table has no bytes by a Huffman coder."};
    auto coder = EntropyCoder::HuffmanAdaptive;
    auto byBits = sharesOf(path, decisions, coder);
    if (byBits.empty())
        byBits = sharesOf(path, decisions, coder = EntropyCoder::Huffman);
    if (byBits.empty() || byBits.begin()->first > kPaperMostBits)
        return statement;
    std::vector<std::string> texts;
    for (const auto& [bits, one] : byBits)
        if (bits <= kPaperMostBits)
            texts.push_back("at " + std::to_string(bits) + " bits " + outOf(one.tenths(), one.shares.size())
                            + " cuts are a tenth of float32 or less, the median is 1/" + decimal(1 / medianOf(one.shares)));
    const auto& [bits, coarsest] = *byBits.begin();
    statement.verdict = medianOf(coarsest.shares) <= kTenth ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = "with " + codec::toString(coder) + " " + listed(texts) + " (held to hold where the median cut at the "
        + "coarsest width is); the most is left of " + coarsest.worst + " at " + std::to_string(bits) + " bits, 1/"
        + decimal(1 / coarsest.most) + ".";
    for (const auto better : {EntropyCoder::Huffman, EntropyCoder::Context}) {
        const auto others = sharesOf(path, decisions, better);
        const auto found = others.find(bits);
        if (better != coder && found != others.end())
            statement.evidence += " With " + codec::toString(better) + " at " + std::to_string(bits)
                + " bits: " + outOf(found->second.tenths(), found->second.shares.size()) + ", median 1/"
                + decimal(1 / medianOf(found->second.shares)) + ".";
    }
    return statement;
}

/// "context × 4 bits (9)", the most frequent first.
std::vector<std::string> countsOf(const std::vector<const SizedDecision*>& front)
{
    std::map<std::string, int> counts;
    for (const auto* sized : front)
        if (sized->coding.kind == CodingKind::Quantized)
            ++counts[codec::toString(sized->coder) + " × " + std::to_string(sized->coding.parameter) + " bits"];
        else
            ++counts[nameOf(*sized)];
    std::vector<std::pair<std::string, int>> sorted(counts.begin(), counts.end());
    std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::vector<std::string> texts;
    for (const auto& [what, count] : sorted)
        texts.push_back(count > 1 ? what + " (" + std::to_string(count) + ")" : what);
    return texts;
}

Statement contextAlone(const std::vector<SizedDecision>& decisions)
{
    Statement statement{"Beyond the paper: of the coders, context alone is on the front.", Verdict::Unknown, {}};
    std::vector<const SizedDecision*> front;
    bool known = false, others = false;
    for (const auto& sized : decisions) {
        const bool tensor = sized.coding.kind == CodingKind::Quantized;
        known = known || (tensor && sized.coder == EntropyCoder::Context);
        if (!sized.undominated)
            continue;
        front.push_back(&sized);
        others = others || (tensor && sized.coder != EntropyCoder::Context);
    }
    statement.evidence = "no other decision beats these in bytes, accuracy and depth at once: " + listed(countsOf(front)) + ".";
    if (known)
        statement.verdict = others ? Verdict::DoesNotHold : Verdict::Holds;
    else
        statement.evidence = "the table has no bytes by context; " + statement.evidence;
    return statement;
}

Statement tensorsBeatJpeg(const std::vector<SizedDecision>& decisions)
{
    Statement statement{"Beyond the paper: for every JPEG frame there is a cut that sends less and answers at least as well.",
                        Verdict::Unknown, "the table has no JPEG frames."};
    std::vector<std::string> texts, unbeaten;
    for (const auto& jpeg : decisions) {
        if (jpeg.coding.kind != CodingKind::Jpeg)
            continue;
        const SizedDecision* shallowest = nullptr;
        for (const auto& sized : decisions)
            if (sized.coding.kind == CodingKind::Quantized && sized.bytes < jpeg.bytes
                && sized.judgedAccuracy >= jpeg.judgedAccuracy && (!shallowest || sized.partition < shallowest->partition))
                shallowest = &sized;
        const std::string what = "JPEG " + std::to_string(jpeg.coding.parameter) + " (" + decimal(jpeg.bytes, 0) + " B, "
            + percent(jpeg.accuracy.accuracy) + ")";
        if (shallowest)
            texts.push_back(what + " from " + shallowest->tensor + " on, " + decimal(shallowest->bytes, 0) + " B");
        else
            unbeaten.push_back(what);
    }
    if (texts.empty() && unbeaten.empty())
        return statement;
    statement.verdict = unbeaten.empty() ? Verdict::Holds : Verdict::DoesNotHold;
    statement.evidence = texts.empty() ? std::string() : "beaten are " + listed(texts) + ". ";
    statement.evidence += unbeaten.empty() ? "The device computes that far first." : "Not beaten: " + listed(unbeaten) + ".";
    return statement;
}

}  // namespace

std::vector<Statement> sizeAccuracyStatements(const PathCuts& path, const std::vector<SizedDecision>& decisions)
{
    return {toATenth(path, decisions), contextAlone(decisions), tensorsBeatJpeg(decisions)};
}

}  // namespace splitscope::session
