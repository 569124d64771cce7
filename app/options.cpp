// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/options.h"

#include "app/text_format.h"
#include "core/base/units.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace splitscope::app {

namespace {

base::Error wrong(const std::string& text, const std::string& where) { return {base::ErrorCode::InvalidInput, text, where}; }

std::string plain(double value)
{
    auto text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

}  // namespace

void Options::flag(std::string name, std::string help, bool& target)
{
    m_options.push_back({std::move(name), {}, std::move(help), [&target](const std::string&) {
                             target = true;
                             return base::Status();
                         }});
}

void Options::text(std::string name, std::string argument, std::string help, std::string& target)
{
    custom(std::move(name), std::move(argument), std::move(help), [&target](const std::string& value) {
        target = value;
        return base::Status();
    });
}

void Options::path(std::string name, std::string argument, std::string help, std::filesystem::path& target)
{
    custom(std::move(name), std::move(argument), std::move(help), [&target](const std::string& value) {
        target = value;
        return base::Status();
    });
}

void Options::real(std::string name, std::string argument, std::string help, double& target, double low, double high)
{
    custom(name, std::move(argument), std::move(help), [name, &target, low, high](const std::string& value) -> base::Status {
        double number = 0;
        const auto [end, ec] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (ec != std::errc() || end != value.data() + value.size() || !(number >= low && number <= high))
            return wrong("'" + value + "' is not a number from " + plain(low) + " to " + plain(high), name);
        target = number;
        return {};
    });
}

void Options::integers(std::string name, std::string argument, std::string help, std::vector<int>& target, long long low,
                       long long high)
{
    custom(name, std::move(argument), std::move(help), [name, &target, low, high](const std::string& list) -> base::Status {
        std::vector<int> numbers;
        for (const auto& part : separated(list))
            if (auto status = parseInto(part, low, high, name, [&](long long n) { numbers.push_back(static_cast<int>(n)); });
                !status)
                return status;
        if (numbers.empty())
            return base::Error{base::ErrorCode::InvalidInput, "needs whole numbers, e.g. " + std::to_string(low), name};
        target = std::move(numbers);
        return {};
    });
}

void Options::custom(std::string name, std::string argument, std::string help,
                     std::function<base::Status(const std::string&)> set)
{
    m_options.push_back({std::move(name), std::move(argument), std::move(help), std::move(set)});
}

void Options::positional(std::string argument, std::string help, std::vector<std::string>& target, std::size_t most)
{
    m_positional = {{}, std::move(argument), std::move(help), {}};
    m_positionals = &target;
    m_mostPositionals = most;
}

base::Status Options::parseInto(const std::string& value, long long low, long long high, const std::string& name,
                                const std::function<void(long long)>& set)
{
    const auto number = base::parseInteger(value, low, high, name);
    if (!number)
        return number.error();
    set(*number);
    return {};
}

const Options::Option* Options::find(const std::string& name) const
{
    const auto found
        = std::find_if(m_options.begin(), m_options.end(), [&](const Option& option) { return option.name == name; });
    return found == m_options.end() ? nullptr : &*found;
}

base::Error Options::unknown(const std::string& name) const
{
    std::string similar;
    for (const auto& option : m_options)
        if (option.name.starts_with(name) || (name.size() > 4 && option.name.starts_with(name.substr(0, 5))))
            similar += (similar.empty() ? "; did you mean " : ", ") + option.name;
    return wrong("there is no such option" + similar, name);
}

base::Status Options::parse(const std::vector<std::string>& arguments)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& argument = arguments[i];
        if (argument == "--help" || argument == "-h") {
            m_help = true;
            continue;
        }
        if (!argument.starts_with('-') || argument == "-") {
            if (!m_positionals || m_positionals->size() >= m_mostPositionals)
                return wrong("is one argument too many", argument);
            m_positionals->push_back(argument);
            continue;
        }
        const auto equals = argument.find('=');
        const auto name = argument.substr(0, equals);
        const auto* option = find(name);
        if (!option)
            return unknown(name);
        std::string value;
        if (equals != std::string::npos && option->argument.empty())
            return wrong("takes no value", name);
        if (equals != std::string::npos)
            value = argument.substr(equals + 1);
        else if (!option->argument.empty() && i + 1 == arguments.size())
            return wrong("needs a value: " + name + " " + option->argument, name);
        else if (!option->argument.empty())
            value = arguments[++i];
        if (auto status = option->set(value); !status) {
            auto error = status.error();
            if (error.where != name)
                error.where = name + " " + error.where;
            return error;
        }
        m_given.push_back(name);
    }
    return {};
}

std::string Options::help() const
{
    constexpr std::size_t kColumn = 30;
    std::string text = "Usage: splitscope-cli " + m_usage + "\n\n" + m_about + "\n\n";
    const auto add = [&](const std::string& left, const std::string& help) {
        text += "  " + left;
        text += left.size() + 2 < kColumn ? std::string(kColumn - left.size() - 2, ' ') : "\n" + std::string(kColumn, ' ');
        for (char c : help) {
            text += c;
            if (c == '\n')
                text += std::string(kColumn, ' ');
        }
        text += '\n';
    };
    if (m_positionals)
        add(m_positional.argument, m_positional.help);
    for (const auto& option : m_options)
        add(option.name + (option.argument.empty() ? "" : " " + option.argument), option.help);
    add("--help", "this text");
    return text;
}

}  // namespace splitscope::app
