// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/tensor.h"

#include <QTemporaryDir>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>
#include <sys/types.h>
#include <vector>

namespace splitscope::app {

/// ONNX Runtime on one thread, in a Node.js process that stays: it is asked for a round of runs at a time, so that its rounds
/// come between those of what it is compared with.
class OnnxRuntime {
public:
    /// `folder` holds serve.mjs and, once installed, onnxruntime-node. An Error says what is missing and how to get it.
    static base::Result<std::unique_ptr<OnnxRuntime>> start(const std::filesystem::path& folder, std::stop_token stop);
    ~OnnxRuntime();
    OnnxRuntime(const OnnxRuntime&) = delete;
    OnnxRuntime& operator=(const OnnxRuntime&) = delete;

    [[nodiscard]] const std::string& version() const { return m_version; }

    /// Keeps the model with this input under a name.
    base::Status load(const std::string& name, base::ByteView onnx, const base::Tensor& input);
    /// The model's output, batch after batch.
    base::Result<std::vector<float>> run(const std::string& name);
    /// Microseconds of each run, after some that do not count.
    base::Result<std::vector<double>> time(const std::string& name, int warmUp, int runs);
    base::Status drop(const std::string& name);

private:
    explicit OnnxRuntime(std::stop_token stop) : m_stop(std::move(stop)) {}
    base::Status spawn(const std::filesystem::path& node, const std::filesystem::path& script);
    base::Result<std::string> nextLine();

    std::stop_token m_stop;
    QTemporaryDir m_files;
    std::string m_version;
    std::string m_unread;
    pid_t m_process = -1;
    int m_socket = -1;
};

/// Where serve.mjs is in the source tree that this program was built from.
std::filesystem::path onnxRuntimeFolder();

}  // namespace splitscope::app
