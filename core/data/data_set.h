// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/data/image.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace splitscope::data {

/// Which images of a set: keeps training, table building and evaluation apart.
enum class Split {
    Train,  ///< what weights are fitted on
    Holdout,  ///< held out of training, for choosing settings
    Table,  ///< what accuracy tables are built on
    Evaluation  ///< what results are reported on; never seen by anything that was tuned
};

base::Result<Split> parseSplit(const std::string& text);  ///< "train", "holdout", "table", "evaluation"
std::string toString(Split split);

/// Labelled images of one size, in a fixed order. Reading is thread-safe.
class DataSet {
public:
    virtual ~DataSet() = default;
    [[nodiscard]] virtual std::string name() const = 0;
    [[nodiscard]] virtual ImageSize imageSize() const = 0;
    [[nodiscard]] virtual const std::vector<std::string>& classNames() const = 0;
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// index < size(); the label indexes classNames().
    [[nodiscard]] virtual int label(std::size_t index) const = 0;
    /// Decodes image `index`; an Error names the file and, for archives, the entry.
    [[nodiscard]] virtual base::Result<Image> image(std::size_t index) const = 0;
};

/// A data set that goes by a name, and the folder in $SPLITSCOPE_DATA that it lives in.
struct NamedDataSet {
    const char* name;
    const char* folder;
};
inline constexpr std::array<NamedDataSet, 2> kNamedDataSets{
    {{"cifar10", "cifar-10-batches-bin"}, {"imagenette", "imagenette-160"}}};

/// Null for other sources.
const NamedDataSet* findNamedDataSet(const std::string& source);

/// Opens "patterns" (built in), "cifar10" ($SPLITSCOPE_DATA/cifar-10-batches-bin), "imagenette"
/// ($SPLITSCOPE_DATA/imagenette-160), or a path: a folder of the CIFAR-10 binary version, a folder class/*.jpg|png, a zip
/// of such a folder, or a folder of train.zip and val.zip (see image_folder.h for layouts and splits). `wanted` is the
/// size that the network takes: larger photos are centre-cropped to it (after scaling the short side down when the photo
/// is larger than 1.25 times the size), smaller ones are an error that says both sizes. An Error says what was looked
/// for, where, and what to do.
base::Result<std::unique_ptr<DataSet>> openDataSet(const std::string& source, ImageSize wanted, Split split);

}  // namespace splitscope::data
