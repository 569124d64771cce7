// SPDX-License-Identifier: GPL-3.0-or-later
// Command-line options from one table: the same entries parse, check and explain themselves in --help.
#pragma once

#include "core/base/result.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace splitscope::app {

/// The options of one verb. Later options win over earlier ones.
class Options {
public:
    /// `usage` is the line behind the program's name, `about` what the verb does.
    Options(std::string usage, std::string about) : m_usage(std::move(usage)), m_about(std::move(about)) {}

    /// An option without an argument.
    void flag(std::string name, std::string help, bool& target);
    void text(std::string name, std::string argument, std::string help, std::string& target);
    void path(std::string name, std::string argument, std::string help, std::filesystem::path& target);
    /// A whole number within [low, high].
    template <typename T>
    void integer(std::string name, std::string argument, std::string help, T& target, long long low, long long high)
    {
        custom(name, std::move(argument), std::move(help), [name, &target, low, high](const std::string& value) {
            return parseInto(value, low, high, name, [&target](long long number) { target = static_cast<T>(number); });
        });
    }
    /// Whole numbers within [low, high], as "4,8": one at least.
    void integers(std::string name, std::string argument, std::string help, std::vector<int>& target, long long low,
                  long long high);
    /// A decimal number within [low, high].
    void real(std::string name, std::string argument, std::string help, double& target, double low, double high);
    /// Anything else: `set` checks and takes the value.
    void custom(std::string name, std::string argument, std::string help, std::function<base::Status(const std::string&)> set);
    /// Arguments that are no options, at most this many.
    void positional(std::string argument, std::string help, std::vector<std::string>& target, std::size_t most);

    /// Every argument is understood and in range, or the Error says which is not, and why. --help sets wantsHelp().
    base::Status parse(const std::vector<std::string>& arguments);
    [[nodiscard]] bool wantsHelp() const { return m_help; }
    /// The names of the options that were given, as often as they were.
    [[nodiscard]] const std::vector<std::string>& given() const { return m_given; }
    [[nodiscard]] std::string help() const;

private:
    struct Option {
        std::string name, argument, help;
        std::function<base::Status(const std::string&)> set;
    };
    static base::Status parseInto(const std::string& value, long long low, long long high, const std::string& name,
                                  const std::function<void(long long)>& set);
    [[nodiscard]] const Option* find(const std::string& name) const;
    [[nodiscard]] base::Error unknown(const std::string& name) const;

    std::string m_usage, m_about;
    std::vector<Option> m_options;
    Option m_positional;
    std::vector<std::string>* m_positionals = nullptr;
    std::size_t m_mostPositionals = 0;
    std::vector<std::string> m_given;
    bool m_help = false;
};

}  // namespace splitscope::app
