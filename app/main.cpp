// SPDX-License-Identifier: GPL-3.0-or-later
// splitscope: the dashboard.
#include "app/compose.h"
#include "app/gui_bench/gui_bench.h"
#include "core/base/cpu.h"
#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/session/exports.h"
#include "core/session/self_test.h"
#include "core/sim/bandwidth.h"
#include "ui/charts/figure_chart.h"
#include "ui/charts/live_charts.h"
#include "ui/charts/trace_plot.h"
#include "ui/charts/training_plot.h"
#include "ui/pages/profile_page.h"
#include "ui/style/language.h"
#include "ui/style/theme.h"
#include "ui/tools/screenshots.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDateTime>
#include <QDir>
#include <QSettings>
#include <QStandardPaths>

#include <cstdio>

namespace {

using namespace splitscope;

constexpr int kUsageError = 2;
constexpr int kSignalLookMs = 100;
/// The first run goes on until somebody has seen enough.
constexpr std::uint64_t kDemonstrationFrames = 100'000;

struct Options {
    QString scenario;
    QString outFolder;
    QString chartsFrom;
    QString plotTrace;
    QString plotTraining;
    QStringList plotFigures;
    QString open;
    QString screenshots;
    QString benchUi;
    QString benchStart;
    int benchSamples = 1'000'000;
    int afterMs = 8000;
    bool start = false;
};

int fail(const QString& text, int status)
{
    std::fprintf(stderr, "splitscope: %s\n", qPrintable(text));
    return status;
}

/// Of all runs that nobody gave a folder of their own.
QString usualLibrary()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return QDir(data).filePath(QStringLiteral("splitscope/runs"));
}

QString usualQueueFile()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return QDir(data).filePath(QStringLiteral("splitscope/queue.json"));
}

QString defaultOutFolder()
{
    return QDir(usualLibrary()).filePath(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd_HHmmss")));
}

/// Reads the command line; --help and --version end the program here.
Options parse(const QCoreApplication& application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Splits a neural network between a device and this machine, and shows live what that costs.\n"
                       "Without options a demonstration starts at once: an emulated slow device behind a 4G uplink. Where the "
                       "last session was killed, its run is offered instead."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOption(QCommandLineOption(  // answered before a screen is needed; --help tells of it
        QStringLiteral("self-test"),
        QStringLiteral("Find out whether what is installed here works, and end; with --json as one line of JSON.")));
    const QCommandLineOption scenario(QStringLiteral("scenario"),
                                      QStringLiteral("Open this scenario (and wait, unless --start)."), QStringLiteral("FILE"));
    const QCommandLineOption start(QStringLiteral("start"), QStringLiteral("Begin at once."));
    const QCommandLineOption out(QStringLiteral("out"),
                                 QStringLiteral("Folder for records, or for charts with --charts-from; the file with "
                                                "--plot-trace; either with --plot-training."),
                                 QStringLiteral("DIR"));
    const QCommandLineOption charts(QStringLiteral("charts-from"),
                                    QStringLiteral("Write the charts of a run's CSV as PNG and SVG into --out, then exit."),
                                    QStringLiteral("CSV"));
    const QCommandLineOption trace(QStringLiteral("plot-trace"),
                                   QStringLiteral("Draw a bandwidth trace as --out FILE.png|svg|pdf|csv, then exit."),
                                   QStringLiteral("FILE|BANDWIDTH"));
    const QCommandLineOption training(QStringLiteral("plot-training"),
                                      QStringLiteral("Draw a training's curves.csv as --out FILE.png|svg|pdf|csv, or as all "
                                                     "of these into the folder --out DIR, then exit."),
                                      QStringLiteral("CSV"));
    const QCommandLineOption figure(QStringLiteral("plot-figure"),
                                    QStringLiteral("Draw a figure of `splitscope-cli figures` or `evaluate` as PNG, SVG and "
                                                   "PDF into --out, then exit; may be given several times."),
                                    QStringLiteral("JSON"));
    const QCommandLineOption open(QStringLiteral("open"),
                                  QStringLiteral("Show a profile, a cost or accuracy table, or a training's curves.csv."),
                                  QStringLiteral("FILE"));
    const QCommandLineOption shots(QStringLiteral("screenshot"), QStringLiteral("Save every page in both themes, then exit."),
                                   QStringLiteral("DIR"));
    const QCommandLineOption after(QStringLiteral("after-ms"), QStringLiteral("When --screenshot begins (default 8000)."),
                                   QStringLiteral("N"));
    const QCommandLineOption benchUi(QStringLiteral("bench-ui"), QStringLiteral("For `splitscope-cli bench ui`, with --out."),
                                     QStringLiteral("JSON"));
    const QCommandLineOption benchSamples(QStringLiteral("bench-samples"), QStringLiteral("So many are shown by --bench-ui."),
                                          QStringLiteral("N"));
    const QCommandLineOption benchStart(QStringLiteral("bench-start"), QStringLiteral("Times the start, then exits; with --out."),
                                        QStringLiteral("JSON"));
    parser.addOptions(
        {scenario, start, out, charts, trace, training, figure, open, shots, after, benchUi, benchSamples, benchStart});
    parser.process(application);
    if (!parser.positionalArguments().isEmpty())
        std::exit(fail(QStringLiteral("unexpected argument '%1'; see --help").arg(parser.positionalArguments().constFirst()),
                       kUsageError));
    Options options;
    options.scenario = parser.value(scenario);
    options.outFolder = parser.value(out);
    options.chartsFrom = parser.value(charts);
    options.plotTrace = parser.value(trace);
    options.plotTraining = parser.value(training);
    options.plotFigures = parser.values(figure);
    options.open = parser.value(open);
    options.screenshots = parser.value(shots);
    options.benchUi = parser.value(benchUi);
    options.benchStart = parser.value(benchStart);
    if (parser.isSet(benchSamples))
        options.benchSamples = std::max(1000, parser.value(benchSamples).toInt());
    options.start = parser.isSet(start);
    if (parser.isSet(after)) {
        bool ok = false;
        options.afterMs = parser.value(after).toInt(&ok);
        if (!ok || options.afterMs < 0)
            std::exit(fail(QStringLiteral("--after-ms wants a number of milliseconds, not '%1'").arg(parser.value(after)),
                           kUsageError));
    }
    return options;
}

int drawCharts(const Options& options)
{
    if (options.outFolder.isEmpty())
        return fail(QStringLiteral("--charts-from needs --out DIR"), kUsageError);
    const auto samples = session::readRequestsCsv(options.chartsFrom.toStdString());
    if (!samples)
        return fail(QString::fromStdString(samples.error().message()), 1);
    ui::SampleStore store;
    for (const auto& sample : *samples)
        store.append(sample);
    const auto files = ui::renderCharts(store, options.outFolder);
    if (!files)
        return fail(QString::fromStdString(files.error().message()), 1);
    for (const QString& file : *files)
        std::printf("%s\n", qPrintable(file));
    return 0;
}

int plotTrace(const Options& options)
{
    if (options.outFolder.isEmpty())
        return fail(QStringLiteral("--plot-trace needs --out FILE"), kUsageError);
    const auto trace = sim::openTrace(options.plotTrace.toStdString());
    if (!trace)
        return fail(QString::fromStdString(trace.error().message()), 1);
    if (const auto drawn = ui::plotTrace(*trace, options.outFolder); !drawn)
        return fail(QString::fromStdString(drawn.error().message()), 1);
    return 0;
}

int plotTraining(const Options& options)
{
    if (options.outFolder.isEmpty())
        return fail(QStringLiteral("--plot-training needs --out FILE or --out DIR"), kUsageError);
    const auto curves = model::readCurves(options.plotTraining.toStdString());
    if (!curves)
        return fail(QString::fromStdString(curves.error().message()), 1);
    const QString title = QFileInfo(options.plotTraining).fileName();
    if (!QFileInfo(options.outFolder).suffix().isEmpty()) {
        const auto drawn = ui::plotTraining(*curves, title, options.outFolder);
        return drawn ? 0 : fail(QString::fromStdString(drawn.error().message()), 1);
    }
    const auto files = ui::plotTrainingInto(*curves, title, options.outFolder);
    if (!files)
        return fail(QString::fromStdString(files.error().message()), 1);
    for (const QString& file : *files)
        std::printf("%s\n", qPrintable(file));
    return 0;
}

int plotFigures(const Options& options)
{
    if (options.outFolder.isEmpty())
        return fail(QStringLiteral("--plot-figure needs --out DIR"), kUsageError);
    for (const QString& source : options.plotFigures) {
        const auto figure = session::loadFigure(source.toStdString());
        if (!figure)
            return fail(QString::fromStdString(figure.error().message()), 1);
        const QString stem = QDir(options.outFolder).filePath(QFileInfo(source).completeBaseName());
        for (const char* suffix : {".png", ".svg", ".pdf"}) {
            const QString file = stem + QLatin1String(suffix);
            if (const auto drawn = ui::exportFigure(*figure, {}, file); !drawn)
                return fail(QString::fromStdString(drawn.error().message()), 1);
            std::printf("%s\n", qPrintable(file));
        }
    }
    return 0;
}

/// What must work where there is no display.
std::optional<int> answerWithoutScreen(const std::vector<std::string>& arguments, const std::stop_token& stop)
{
    if (arguments.empty())
        return std::nullopt;
    if (arguments[0] == "--self-test")
        return session::selfTestMain("splitscope", {arguments.begin() + 1, arguments.end()}, stop);
    if (arguments[0] != "--version" || arguments.size() > 1)
        return std::nullopt;
    std::printf("splitscope %s\n", base::programVersion().c_str());
    return 0;
}

bool wantsDark()
{
    const QString theme = QSettings().value(QStringLiteral("theme")).toString();
    return theme.isEmpty() ? ui::systemIsDark() : theme == QLatin1String("dark");
}

int runDashboard(QApplication& application, const Options& options, const std::stop_token& signalled)
{
    session::Scenario scenario = session::Scenario::demonstration();
    scenario.frames = kDemonstrationFrames;
    if (!options.scenario.isEmpty()) {
        const auto loaded = session::loadScenario(options.scenario.toStdString());
        if (!loaded)
            return fail(QString::fromStdString(loaded.error().message()), 1);
        scenario = *loaded;
    }
    const QString outFolder = options.outFolder.isEmpty() ? defaultOutFolder() : options.outFolder;
    ui::applyLanguage();
    ui::applyTheme(application, wantsDark());
    const QString library = options.outFolder.isEmpty() ? usualLibrary() : outFolder;
    const QString file = options.scenario.isEmpty() ? QString() : QFileInfo(options.scenario).absoluteFilePath();
    const QString queue = options.screenshots.isEmpty() ? usualQueueFile() : QString();
    app::Dashboard dashboard({scenario, outFolder.toStdString(), {}, library.toStdString(), file, queue.toStdString()});
    ui::MainWindow& window = dashboard.window();
    const bool nothingAsked = options.scenario.isEmpty() && options.open.isEmpty();
    if (options.start || (nothingAsked && (!options.screenshots.isEmpty() || !options.benchStart.isEmpty())))
        window.startExperiment();
    else if (nothingAsked)
        window.startUnlessInterrupted();
    window.show();
    if (!options.open.isEmpty()) {
        if (!QFileInfo::exists(options.open))
            return fail(options.open + QStringLiteral(": there is no such file"), 1);
        window.profilePage().open(options.open);
        window.showPage(window.pageOf(window.profilePage()));
    }

    QTimer signalTimer;
    QObject::connect(&signalTimer, &QTimer::timeout, &window, [&] {
        if (signalled.stop_requested())
            window.close();
    });
    signalTimer.start(kSignalLookMs);
    std::optional<app::StartWatch> startWatch;
    if (!options.benchStart.isEmpty())
        startWatch.emplace(window, options.benchStart.toStdString());
    ui::Screenshots screenshots(window, options.screenshots);
    if (!options.screenshots.isEmpty()) {
        QTimer::singleShot(options.afterMs, &screenshots, &ui::Screenshots::begin);
        QObject::connect(&screenshots, &ui::Screenshots::finished, &window, [&window](const QStringList&, bool ok) {
            window.close();
            QCoreApplication::exit(ok ? 0 : 1);
        });
    }
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv)
{
    base::chooseFastBlasKernelsOfChildren();
    const std::stop_token signalled = base::stopOnSignals();
    if (const auto status = answerWithoutScreen({argv + 1, argv + argc}, signalled))
        return *status;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("splitscope"));
    QApplication::setOrganizationName(QStringLiteral("splitscope"));
    QApplication::setApplicationVersion(QString::fromStdString(base::programVersion()));
    QApplication::setDesktopFileName(QStringLiteral("splitscope"));
    const Options options = parse(application);
    if (!options.chartsFrom.isEmpty())
        return drawCharts(options);
    if (!options.plotTrace.isEmpty())
        return plotTrace(options);
    if (!options.plotTraining.isEmpty())
        return plotTraining(options);
    if (!options.plotFigures.isEmpty())
        return plotFigures(options);
    if (!options.benchUi.isEmpty())
        return app::runGuiBench(options.outFolder.toStdString(), static_cast<std::size_t>(options.benchSamples),
                                options.benchUi.toStdString());
    return runDashboard(application, options, signalled);
}
