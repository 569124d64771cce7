// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/figure_set.h"

#include "core/base/files.h"
#include "core/profile/emulated_device.h"
#include "core/profile/local_profile.h"
#include "core/session/model_package.h"

#include <algorithm>

namespace splitscope::session {

namespace {

constexpr int kPaperBatch = 8;

bool tableShips(const std::string& network, const std::string& data)
{
    return base::resourcePath("models/" + network + "/" + data + ".table").ok();
}

/// Networks are compared on the same data where they can be; empty: they cannot.
std::string commonData(const std::vector<std::string>& networks)
{
    for (const auto* data : {"cifar10", "imagenette", "patterns"})
        if (std::all_of(networks.begin(), networks.end(), [&](const auto& network) { return tableShips(network, data); }))
            return data;
    return {};
}

/// A link between two machines on one desk; the maps set the round trip themselves.
profile::LinkProfile assumedLink()
{
    profile::LinkProfile link;
    link.rttMs = 2;
    link.requestOverheadMs = 0.1;
    link.burstBytes = 0;
    link.source = "overhead of 0.1 ms a request assumed";
    return link;
}

/// Everything about one network, as far as it is known.
struct Network {
    FigureInputs inputs;
    std::optional<profile::ComputeProfile> measured;
    std::vector<std::string> notes;
};

/// What requested figures need.
struct Needs {
    bool profile = false, accuracy = false, costs = false;
};

Needs needsOf(const FigureRequest& request)
{
    const auto wanted = [&](const char* key) {
        return std::find(request.figures.begin(), request.figures.end(), key) != request.figures.end();
    };
    Needs needs;
    needs.costs = wanted("regions");
    needs.profile = wanted("3") || needs.costs;
    needs.accuracy = wanted("5a") || wanted("5b") || wanted("size") || needs.costs;
    return needs;
}

class Maker {
public:
    Maker(const FigureRequest& request, std::stop_token stop, const FigureObserver& observer)
        : m_request(request), m_stop(std::move(stop)), m_observer(observer), m_needs(needsOf(request))
    {
    }

    base::Result<FigureSet> make();

private:
    void tell(const std::string& what, double share = -1, double secondsLeft = 0) const
    {
        if (m_observer)
            m_observer({what, share, secondsLeft});
    }
    base::Error stopped() const { return {base::ErrorCode::Cancelled, "stopped on request", "figures"}; }

    base::Result<Network> openTable() const;
    base::Result<Network> openNetwork(std::size_t index);
    base::Status addProfile(Network& network, std::size_t index);
    base::Status addDevice(Network& network) const;
    base::Result<profile::ComputeProfile> measure(Network& network, const model::Weights& weights) const;
    base::Result<profile::AccuracyTable> accuracyTable(const Network& network, std::size_t index) const;
    base::Result<profile::CostTable> tableFor(const Network& network, const profile::ComputeProfile& device) const;
    void add(const std::string& key, const std::vector<Network>& networks, FigureSet& set);
    base::Result<Figure> regions(const std::vector<Network>& networks, FigureSet& set) const;

    const FigureRequest& m_request;
    std::stop_token m_stop;
    const FigureObserver& m_observer;
    Needs m_needs;
};

base::Result<Network> Maker::openTable() const
{
    auto table = profile::CostTable::load(m_request.table);
    if (!table)
        return table.error();
    Network network;
    network.inputs.spec = table->spec();
    network.inputs.data = table->data();
    network.inputs.device = table->device();
    network.inputs.edge = table->edge();
    network.inputs.costs = table->withoutGates();
    network.inputs.rows = network.inputs.costs->rows();
    if (!m_request.accuracy.empty()) {
        auto accuracy = profile::loadAccuracyTable(m_request.accuracy);
        if (!accuracy)
            return accuracy.error();
        if (accuracy->modelHash != network.inputs.costs->modelHash())
            return base::Error{base::ErrorCode::Mismatch, "is of another model than the cost table " + m_request.table.string(),
                               m_request.accuracy.string()};
        network.inputs.accuracy = *std::move(accuracy);
    }
    return network;
}

base::Result<profile::AccuracyTable> Maker::accuracyTable(const Network& network, std::size_t index) const
{
    const bool named = index == 0 && !m_request.accuracy.empty();
    auto table = named ? profile::loadAccuracyTable(m_request.accuracy)
                       : profile::loadShippedAccuracyTable(network.inputs.spec.name, network.inputs.data);
    if (table && table->network != network.inputs.spec.name)
        return base::Error{base::ErrorCode::Mismatch,
                           "is an accuracy table of " + table->network + ", not of " + network.inputs.spec.name,
                           m_request.accuracy.string()};
    return table;
}

base::Result<profile::ComputeProfile> Maker::measure(Network& network, const model::Weights& weights) const
{
    const auto& spec = network.inputs.spec;
    profile::ProfilerOptions options;
    options.batches = {1, kPaperBatch};
    options.threads = m_request.threads;
    options.budgetSeconds = m_request.budgetSeconds;
    if (network.inputs.accuracy)
        options.coder = network.inputs.accuracy->coder;
    const auto report = [&](const profile::ProfilerProgress& progress) {
        const double share = progress.total ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0;
        tell("measuring " + spec.name + ": " + progress.what, share, progress.secondsLeft);
    };
    auto measured = profile::measureHere(spec, weights, network.inputs.data, options, m_stop, report);
    if (!measured)
        return measured.error();
    if (measured->generatedFrames)
        network.notes.push_back("Codings of " + spec.name + " were timed on generated frames: " + network.inputs.data
                                + " is not at hand.");
    return std::move(measured->profile);
}

base::Status Maker::addProfile(Network& network, std::size_t index)
{
    const auto& spec = network.inputs.spec;
    if (index == 0 && (m_request.opened || !m_request.profile.empty())) {
        auto opened = m_request.opened ? base::Result<profile::ComputeProfile>(*m_request.opened)
                                       : profile::loadComputeProfile(m_request.profile);
        if (!opened)
            return opened.error();
        if (const auto fits = profile::checkFits(spec, *opened); !fits)
            return fits.error();
        network.measured = *std::move(opened);
    } else if (m_needs.profile && m_request.measure) {
        const auto weights = findWeights(spec.name, network.inputs.data, index == 0 ? m_request.weights : std::string());
        if (!weights)
            return weights.error();
        auto measured = measure(network, *weights);
        if (!measured)
            return measured.error();
        network.measured = *std::move(measured);
    }
    if (!network.measured)
        return {};
    network.inputs.edge = network.measured;
    return addDevice(network);
}

/// The device: another profile, an emulated board, or the measured machine itself.
base::Status Maker::addDevice(Network& network) const
{
    const auto& name = m_request.device;
    if (name == "same" || !network.measured->measured()) {
        network.inputs.device = network.measured;
        return {};
    }
    if (name.find('/') != std::string::npos || name.ends_with(".json")) {
        auto opened = profile::loadComputeProfile(name);
        if (!opened)
            return opened.error();
        if (const auto fits = profile::checkFits(network.inputs.spec, *opened); !fits)
            return fits.error();
        network.inputs.device = *std::move(opened);
        return {};
    }
    const auto factors = profile::deviceFactors(name, network.inputs.spec);
    if (!factors)
        return factors.error();
    auto emulated = profile::emulate(network.inputs.spec, *network.measured, *factors);
    if (!emulated)
        return emulated.error();
    network.inputs.device = *std::move(emulated);
    return {};
}

base::Result<profile::CostTable> Maker::tableFor(const Network& network, const profile::ComputeProfile& device) const
{
    return profile::CostTable::make(network.inputs.spec, {}, device, *network.inputs.edge, assumedLink(),
                                    *network.inputs.accuracy);
}

base::Result<Network> Maker::openNetwork(std::size_t index)
{
    auto spec = model::loadNetworkSpec(m_request.models[index]);
    if (!spec)
        return spec.error();
    Network network;
    network.inputs.spec = *std::move(spec);
    network.inputs.data = m_request.data;
    if (network.inputs.data.empty() && m_request.models.size() > 1)
        network.inputs.data = commonData(m_request.models);
    if (network.inputs.data.empty())
        network.inputs.data = usualData(network.inputs.spec);
    tell("reading the accuracy table of " + network.inputs.spec.name);
    if (auto table = accuracyTable(network, index)) {
        if (!table->data.empty() && index == 0 && !m_request.accuracy.empty())
            network.inputs.data = table->data;
        network.inputs.rows = rowsOf(network.inputs.spec, *table);
        network.inputs.accuracy = *std::move(table);
    } else if (m_needs.accuracy && (index == 0 && !m_request.accuracy.empty())) {
        return table.error();
    }
    if (m_stop.stop_requested())
        return stopped();
    if (const auto added = addProfile(network, index); !added)
        return added.error();
    if (network.measured && network.inputs.accuracy)
        if (auto table = tableFor(network, *network.inputs.device))
            network.inputs.costs = *std::move(table);
    return network;
}

base::Result<Figure> Maker::regions(const std::vector<Network>& networks, FigureSet& set) const
{
    std::vector<profile::CostTable> tables;
    std::vector<std::string> notes;
    base::Error why{base::ErrorCode::NotFound, "needs a profile and an accuracy table of the same model", "figure regions"};
    for (const auto& network : networks) {
        const auto& inputs = network.inputs;
        if (inputs.costs && !network.measured) {
            tables.push_back(*inputs.costs);
            continue;
        }
        if (!network.measured || !inputs.accuracy)
            continue;
        // Slowdown 1 is the edge's own machine: the maps' other axis is how much slower the device is.
        auto table = tableFor(network, *inputs.edge);
        if (table) {
            tables.push_back(*std::move(table));
            notes.insert(notes.end(), network.notes.begin(), network.notes.end());
        } else {
            why = table.error();
            if (networks.size() > 1)
                set.problems.push_back(table.error());
        }
    }
    if (tables.empty())
        return why;
    tell("comparing decisions");
    auto figure = regionsFigure(tables, m_request.regions, m_stop);
    if (figure)
        figure->notes.insert(figure->notes.end(), notes.begin(), notes.end());
    return figure;
}

void Maker::add(const std::string& key, const std::vector<Network>& networks, FigureSet& set)
{
    const auto& inputs = networks.front().inputs;
    auto figure = key == "3" ? layerLatencyFigure(inputs, kPaperBatch)
        : key == "5a"        ? dataSizeFigure(inputs, m_request.exit)
        : key == "5b"        ? accuracyLossFigure(inputs, m_request.exit)
        : key == "size"      ? sizeAccuracyFigure(inputs, m_request.exit)
                             : regions(networks, set);
    if (figure)
        set.figures.push_back(*std::move(figure));
    else
        set.problems.push_back(figure.error());
}

base::Result<FigureSet> Maker::make()
{
    FigureSet set;
    std::vector<Network> networks;
    if (!m_request.table.empty()) {
        auto network = openTable();
        if (!network)
            return network.error();
        networks.push_back(*std::move(network));
    } else {
        const std::size_t count = m_needs.costs ? m_request.models.size() : 1;
        for (std::size_t i = 0; i < count; ++i) {
            auto network = openNetwork(i);
            if (!network && (i == 0 || network.error().code == base::ErrorCode::Cancelled))
                return network.error();
            if (network)
                networks.push_back(*std::move(network));
            else
                set.problems.push_back(network.error());
        }
        set.measured = networks.front().measured;
    }
    set.data = networks.front().inputs.data;
    for (const auto& key : m_request.figures) {
        if (m_stop.stop_requested())
            return stopped();
        add(key, networks, set);
    }
    if (m_stop.stop_requested())
        return stopped();
    return set;
}

}  // namespace

const Figure* FigureSet::find(const std::string& key) const
{
    const auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) { return figure.key == key; });
    return found == figures.end() ? nullptr : &*found;
}

const std::vector<std::string>& figureKeys()
{
    static const std::vector<std::string> keys{"3", "5a", "5b", "6a", "6b", "6c", "size", "regions", "edgent"};
    return keys;
}

std::string usualData(const model::NetworkSpec& spec)
{
    for (const auto* data : {"cifar10", "imagenette"})
        if (tableShips(spec.name, data))
            return data;
    return "patterns";
}

base::Result<FigureSet> makeFigures(const FigureRequest& request, std::stop_token stop, const FigureObserver& observer)
{
    if (request.models.empty())
        return base::Error{base::ErrorCode::InvalidInput, "names no network", "figures"};
    for (const auto& key : request.figures)
        if (std::find(figureKeys().begin(), figureKeys().end(), key) == figureKeys().end())
            return base::Error{base::ErrorCode::InvalidInput,
                               "there is no figure '" + key + "'; there are 3, 5a, 5b, 6a, 6b, 6c, size, regions and edgent",
                               "figures"};
    FigureRequest measured = request;
    std::erase_if(measured.figures, [](const std::string& key) { return key.front() == '6' || key == "edgent"; });
    FigureSet set;
    if (!measured.figures.empty() || request.figures.empty()) {
        auto made = Maker(measured, stop, observer).make();
        if (!made)
            return made;
        set = *std::move(made);
    }
    if (trainsPolicies(request))
        if (const auto added = addPolicyFigures(request, stop, observer, set); !added)
            return added.error();
    if (std::find(request.figures.begin(), request.figures.end(), "edgent") != request.figures.end())
        if (const auto added = addEdgentFigure(request, stop, observer, set); !added) {
            if (added.error().code == base::ErrorCode::Cancelled || request.figures.size() == 1)
                return added.error();
            set.problems.push_back(added.error());  // a network without a shipped table has its other figures
        }
    return set;
}

}  // namespace splitscope::session
