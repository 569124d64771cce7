// SPDX-License-Identifier: GPL-3.0-or-later
// What `bench fleet` stands on: recorded requests, the same computed in full batches, and stubs that send them.
#pragma once

#include "core/session/model_package.h"
#include "device_stub/recorded_requests.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace splitscope::app {

/// Requests of one frame each, as a device would make them under the scenario's decision of its data's first frames.
base::Result<stub::Recording> recordRequests(const session::Scenario& scenario, const session::ModelPackage& package, int count);

/// Frames per second of one thread that does what the edge does with them, in batches of so many rows, for about so long.
struct FullBatches {
    double decodedAndComputed = 0;
    double computed = 0;  ///< of tensors that were decoded before
};
base::Result<FullBatches> runFullBatches(const stub::Recording& recording, const session::ModelPackage& package, int rows,
                                         double seconds);

/// A process of stubs (splitscope-stubs) that ends with this object.
class StubProcess {
public:
    /// Blocks until they listen. An Error: the program is missing, or what it said.
    static base::Result<std::unique_ptr<StubProcess>> start(int count, const std::filesystem::path& recording,
                                                            const std::string& edgeKey);

    [[nodiscard]] const std::string& key() const { return m_lines.front(); }  ///< public, of all of them
    [[nodiscard]] std::string device(int stub) const;  ///< "tcp://127.0.0.1:PORT"

private:
    StubProcess() = default;
    static base::Result<std::filesystem::path> program();
    void run(const std::vector<std::string>& command, const std::stop_token& stop);

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_partial;
    std::vector<std::string> m_lines;  ///< does not change once they listen
    base::Status m_ended;
    bool m_over = false;
    std::jthread m_thread;  ///< last: its end ends the process
};

}  // namespace splitscope::app
