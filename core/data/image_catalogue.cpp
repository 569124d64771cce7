// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/image_catalogue.h"

#include "core/base/log.h"
#include "core/base/random.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace splitscope::data {

namespace {

std::vector<std::string> namesOf(const std::string& path)
{
    std::vector<std::string> names;
    std::istringstream in(path);
    for (std::string name; std::getline(in, name, '/');)
        if (!name.empty() && name != ".")
            names.push_back(name);
    return names;
}

std::string join(const std::vector<std::string>& names)
{
    std::string path;
    for (const auto& name : names)
        path += (path.empty() ? "" : "/") + name;
    return path;
}

bool isPicture(const std::vector<std::string>& names)
{
    for (const auto& name : names)
        if (name.front() == '.' || name == "__MACOSX")
            return false;
    if (names.size() < 2)
        return false;  // a picture without a class
    const std::string& name = names.back();
    const auto dot = name.rfind('.');
    std::string ending = dot == std::string::npos ? "" : name.substr(dot);
    std::transform(ending.begin(), ending.end(), ending.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return ending == ".jpg" || ending == ".jpeg" || ending == ".png";
}

enum class Part { None, Train, Validation, Test };

Part partOf(const std::string& name)
{
    if (name == "train")
        return Part::Train;
    if (name == "val" || name == "valid" || name == "validation")
        return Part::Validation;
    return name == "test" ? Part::Test : Part::None;
}

/// The splits of a training tree: by place within the class.
Split splitOfTraining(std::size_t place) { return place % 10 == 9 ? Split::Holdout : Split::Train; }

/// The splits of a single tree, by place within the class.
Split splitOfOnlyTree(std::size_t place)
{
    switch (place % 10) {
    case 5: return Split::Holdout;
    case 6:
    case 7: return Split::Table;
    case 8:
    case 9: return Split::Evaluation;
    default: return Split::Train;
    }
}

void shuffle(std::vector<Picture>& pictures, Split split)
{
    base::Random random(0x666f'6c64'6572ULL + static_cast<std::uint64_t>(split));
    for (std::size_t i = pictures.size(); i > 1; --i)
        std::swap(pictures[i - 1], pictures[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
}

}  // namespace

void ImageCatalogue::add(const std::vector<std::string>& paths, const std::string& part)
{
    std::vector<File> files;
    for (std::size_t i = 0; i < paths.size(); ++i) {
        auto names = namesOf(paths[i]);
        if (isPicture(names)) {
            files.push_back({std::move(names), "", m_trees, i});
            continue;
        }
        if (m_skipped++ == 0)
            m_firstSkipped = paths[i];
    }
    // Folders around everything say nothing: they go as long as class and file name remain.
    const auto shared = [&] {
        return !files.empty() && std::all_of(files.begin(), files.end(), [&](const File& file) {
            return file.names.size() > 2 && file.names.front() == files.front().names.front();
        });
    };
    while (shared())
        for (auto& file : files)
            file.names.erase(file.names.begin());
    for (auto& file : files) {
        if (!part.empty())
            file.names.insert(file.names.begin(), part);
        file.path = join(file.names);
        m_files.push_back(std::move(file));
    }
    ++m_trees;
}

base::Result<SplitContents> ImageCatalogue::select(Split split, const std::string& where) const
{
    using base::Error;
    using base::ErrorCode;
    if (m_skipped > 0)
        base::log(base::LogLevel::Warning, "data",
                  where + ": " + std::to_string(m_skipped)
                      + " files were skipped: not JPEG or PNG, hidden, or not in a class folder (the first: " + m_firstSkipped
                      + ")");
    if (m_files.empty())
        return Error{ErrorCode::NotFound,
                     "holds no pictures; they must lie in one folder per class, as in class/picture.jpg (or .jpeg, .png)", where};

    const auto part = [](const File& file) { return file.names.size() > 2 ? partOf(file.names.front()) : Part::None; };
    const auto any = [&](Part wanted) {
        return std::any_of(m_files.begin(), m_files.end(), [&](const File& file) { return part(file) == wanted; });
    };
    const Part judging = any(Part::Validation) ? Part::Validation : Part::Test;
    const bool divided = any(Part::Train) && any(judging);
    const bool onlyParts
        = std::all_of(m_files.begin(), m_files.end(), [&](const File& file) { return part(file) != Part::None; });
    const std::size_t classAt = divided || onlyParts ? 1 : 0;

    std::vector<const File*> files;
    std::map<std::string, int> labels;
    for (const auto& file : m_files)
        if (!divided || part(file) == Part::Train || part(file) == judging) {
            files.push_back(&file);
            labels[file.names[classAt]] = 0;
        }
    std::sort(files.begin(), files.end(), [](const File* a, const File* b) { return a->path < b->path; });

    SplitContents contents;
    for (auto& [name, label] : labels) {
        label = static_cast<int>(contents.classNames.size());
        contents.classNames.push_back(name);
    }
    std::vector<std::size_t> places(labels.size());
    std::size_t judged = 0;
    for (const File* file : files) {
        const int label = labels[file->names[classAt]];
        Split own{};
        if (divided && part(*file) == judging)
            own = judged++ % 2 == 0 ? Split::Table : Split::Evaluation;
        else if (divided)
            own = splitOfTraining(places[static_cast<std::size_t>(label)]++);
        else
            own = splitOfOnlyTree(places[static_cast<std::size_t>(label)]++);
        if (own == split)
            contents.pictures.push_back({file->tree, file->index, label});
    }
    if (contents.pictures.empty())
        return Error{ErrorCode::NotFound,
                     "has too few pictures for the split \"" + toString(split) + "\": each class needs at least 10", where};
    shuffle(contents.pictures, split);
    return contents;
}

}  // namespace splitscope::data
