// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/pickle.h"

#include <algorithm>
#include <bit>

namespace splitscope::model {

using Kind = PickleNode::Kind;

/// The stack machine that a pickle is a program of. After the first failure every step does nothing.
class PickleReader {
public:
    PickleReader(base::ByteView bytes, Pickle& into) : m_in(bytes), m_pickle(into) {}

    /// Runs to the end; what is wrong, or nothing.
    std::string run()
    {
        bool stopped = false;
        while (!stopped && m_problem.empty())
            stopped = step(static_cast<char>(take<std::uint8_t>()));
        if (m_problem.empty() && (m_stack.size() != 1 || m_stack.back()->kind == Kind::Mark))
            fail("leaves no single object");
        if (m_problem.empty())
            m_pickle.m_root = m_stack.back();
        return m_problem;
    }

private:
    void fail(const std::string& text)
    {
        if (m_problem.empty())
            m_problem = text;
    }

    template <typename T>
    T take()
    {
        if (m_in.size() - m_at < sizeof(T)) {
            fail("ends too early");
            return {};
        }
        const T value = base::readAt<T>(m_in, m_at);
        m_at += sizeof(T);
        return value;
    }

    std::string takeText(std::size_t length)
    {
        if (m_in.size() - m_at < length) {
            fail("ends too early");
            return {};
        }
        const auto text = base::asText(m_in.subspan(m_at, length));
        m_at += length;
        return std::string(text);
    }

    std::string takeLine()
    {
        const auto rest = base::asText(m_in.subspan(m_at));
        const auto end = rest.find('\n');
        if (end == std::string_view::npos) {
            fail("ends too early");
            return {};
        }
        m_at += end + 1;
        return std::string(rest.substr(0, end));
    }

    /// A little-endian integer of Python's LONG1, up to eight bytes.
    std::int64_t takeLong()
    {
        const auto length = take<std::uint8_t>();
        if (length > 8) {
            fail("holds a number that is too large");
            return 0;
        }
        std::uint64_t value = 0;
        std::uint8_t last = 0;
        for (unsigned i = 0; i < length; ++i)
            value |= static_cast<std::uint64_t>(last = take<std::uint8_t>()) << (8 * i);
        if (last >= 0x80 && length < 8)
            value |= ~std::uint64_t{0} << (8 * length);
        return static_cast<std::int64_t>(value);
    }

    PickleNode* push(Kind kind)
    {
        m_pickle.m_nodes.emplace_back();
        auto* node = &m_pickle.m_nodes.back();
        node->kind = kind;
        m_stack.push_back(node);
        return node;
    }

    PickleNode* pop()
    {
        if (m_stack.empty()) {
            fail("takes more objects than it made");
            return push(Kind::None);
        }
        auto* node = m_stack.back();
        m_stack.pop_back();
        return node;
    }

    /// The objects above the topmost mark, which goes too.
    std::vector<const PickleNode*> popToMark()
    {
        const auto mark
            = std::find_if(m_stack.rbegin(), m_stack.rend(), [](const auto* node) { return node->kind == Kind::Mark; });
        if (mark == m_stack.rend()) {
            fail("takes objects up to a mark that it did not make");
            return {};
        }
        std::vector<const PickleNode*> items(mark.base(), m_stack.end());
        m_stack.erase(mark.base() - 1, m_stack.end());
        return items;
    }

    std::vector<const PickleNode*> popSome(std::size_t count)
    {
        std::vector<const PickleNode*> items(count);
        for (auto at = items.rbegin(); at != items.rend(); ++at)
            *at = pop();
        return items;
    }

    void addTo(Kind kind, const std::vector<const PickleNode*>& items)
    {
        if (m_stack.empty()) {
            fail("fills an object that it did not make");
            return;
        }
        auto* target = m_stack.back();
        // collections.OrderedDict() is called, then filled.
        const bool orderedDict = target->kind == Kind::Call && target->items[0]->text == "collections OrderedDict";
        if (kind == Kind::Dictionary && orderedDict) {
            target->kind = Kind::Dictionary;
            target->items.clear();
        }
        if (target->kind != kind || (kind == Kind::Dictionary && items.size() % 2 != 0)) {
            fail("fills an object that cannot be filled so");
            return;
        }
        target->items.insert(target->items.end(), items.begin(), items.end());
    }

    void call()
    {
        const auto parts = popSome(2);
        if (parts[0]->kind != Kind::Global || parts[1]->kind != Kind::List) {
            fail("calls what is no name of a function");
            return;
        }
        auto* node = push(Kind::Call);
        node->items.push_back(parts[0]);
        node->items.insert(node->items.end(), parts[1]->items.begin(), parts[1]->items.end());
    }

    void remember(std::uint32_t key)
    {
        if (m_stack.empty())
            fail("remembers nothing");
        else
            m_memo[key] = m_stack.back();
    }

    void recall(std::uint32_t key)
    {
        const auto found = m_memo.find(key);
        if (found == m_memo.end())
            fail("recalls what it did not remember");
        else
            m_stack.push_back(found->second);
    }

    /// One instruction; true at the end of the program.
    bool step(char code)
    {
        switch (code) {
        case '\x80': take<std::uint8_t>(); break;  // protocol
        case '.': return true;
        case '(': push(Kind::Mark); break;
        case 'N': push(Kind::None); break;
        case '\x88': push(Kind::Number)->number = 1; break;
        case '\x89': push(Kind::Number)->number = 0; break;
        case 'J': push(Kind::Number)->number = take<std::int32_t>(); break;
        case 'K': push(Kind::Number)->number = take<std::uint8_t>(); break;
        case 'M': push(Kind::Number)->number = take<std::uint16_t>(); break;
        case '\x8a': push(Kind::Number)->number = takeLong(); break;
        case 'G': push(Kind::Real)->real = takeBigEndianReal(); break;
        case 'X': push(Kind::Text)->text = takeText(take<std::uint32_t>()); break;
        case 'c': {
            const auto module = takeLine();
            push(Kind::Global)->text = module + " " + takeLine();
            break;
        }
        case ')':
        case ']': push(Kind::List); break;
        case '}': push(Kind::Dictionary); break;
        case '\x85': pushList(popSome(1)); break;
        case '\x86': pushList(popSome(2)); break;
        case '\x87': pushList(popSome(3)); break;
        case 't': pushList(popToMark()); break;
        case 'a': addTo(Kind::List, popSome(1)); break;
        case 'e': addTo(Kind::List, popToMark()); break;
        case 's': addTo(Kind::Dictionary, popSome(2)); break;
        case 'u': addTo(Kind::Dictionary, popToMark()); break;
        case 'R': call(); break;
        case 'Q': {
            const auto* identifier = pop();
            push(Kind::Persistent)->items.push_back(identifier);
            break;
        }
        case 'b': pop(); break;  // attributes, such as a state_dict's _metadata
        case 'q': remember(take<std::uint8_t>()); break;
        case 'r': remember(take<std::uint32_t>()); break;
        case 'h': recall(take<std::uint8_t>()); break;
        case 'j': recall(take<std::uint32_t>()); break;
        default: fail("has an instruction that no state_dict needs");
        }
        return false;
    }

    void pushList(std::vector<const PickleNode*> items) { push(Kind::List)->items = std::move(items); }

    double takeBigEndianReal()
    {
        std::uint64_t bits = 0;
        for (int i = 0; i < 8; ++i)
            bits = bits << 8 | take<std::uint8_t>();
        return std::bit_cast<double>(bits);
    }

    base::ByteView m_in;
    Pickle& m_pickle;
    std::size_t m_at = 0;
    std::vector<PickleNode*> m_stack;
    std::map<std::uint32_t, PickleNode*> m_memo;
    std::string m_problem;
};

base::Result<Pickle> Pickle::parse(base::ByteView bytes, const std::string& where)
{
    Pickle pickle;
    if (const auto problem = PickleReader(bytes, pickle).run(); !problem.empty())
        return base::Error{base::ErrorCode::InvalidInput, "its pickle " + problem, where};
    return pickle;
}

}  // namespace splitscope::model
