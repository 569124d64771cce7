// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/time_chart.h"

#include <QResizeEvent>

#include <algorithm>
#include <cmath>

namespace splitscope::ui {

namespace {

constexpr double kLeft = 58;
constexpr double kRight = 12;
constexpr double kTop = 28;
constexpr double kBottom = 22;

/// Limits of a logarithmic axis, in whole thirds of a decade (1, 2, 5).
double stepDown(double exponent) { return std::floor(exponent * 3 + 1e-9) / 3; }
double stepUp(double exponent) { return std::ceil(exponent * 3 - 1e-9) / 3; }

}  // namespace

TimeChart::TimeChart(ChartSpec spec, const SampleStore& store, TimeView& view, QWidget* parent)
    : QChartView(parent), m_spec(std::move(spec)), m_store(store), m_view(view), m_cache(store)
{
    chart()->setBackgroundVisible(false);
    chart()->legend()->hide();
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::NoFocus);  // keys are for all linked charts: the page takes them
    setMinimumSize(220, 110);
    setAccessibleName(m_spec.title);
    setAccessibleDescription(m_spec.axisTitle + QStringLiteral(" over time. ") + m_spec.emptyText);
    for (std::size_t i = 0; i < m_spec.traces.size(); ++i)
        if (m_spec.traces[i].band)
            addBand(i);
    for (const auto& trace : m_spec.traces) {
        auto* line = new QLineSeries(this);
        line->setName(seriesName(trace.name));
        m_lines.push_back(line);
    }
    connect(&m_view, &TimeView::hoverChanged, viewport(), QOverload<>::of(&QWidget::update));
    TimeChart::restyle();
}

TimeChart::~TimeChart() = default;

std::vector<QAbstractSeries*> TimeChart::series() const
{
    std::vector<QAbstractSeries*> all;
    for (const Band& band : m_bands)
        all.push_back(band.area);
    all.insert(all.end(), m_lines.begin(), m_lines.end());
    return all;
}

Theme TimeChart::theme() const { return Theme::of(m_paper ? themePalette(false) : palette()); }

void TimeChart::restyle()
{
    const Theme colours = theme();
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto& trace = m_spec.traces[i];
        QPen pen(colours.colour(trace.quantity), trace.style == Qt::SolidLine ? 1.5 : 1.8, trace.style, Qt::FlatCap);
        if (trace.style == Qt::DotLine)
            pen.setDashPattern({1.5, 2});
        m_lines[i]->setPen(pen);
    }
    for (const Band& band : m_bands) {
        QColor shade = colours.colour(m_spec.traces[band.trace].quantity);
        shade.setAlphaF(0.18F);
        band.area->setPen(Qt::NoPen);
        band.area->setBrush(shade);
    }
    m_layerKey.reset();
    m_stale = true;
    viewport()->update();
}

void TimeChart::setPaper(bool paper)
{
    m_paper = paper;
    restyle();
}

std::unique_ptr<TimeChart> TimeChart::makeCopy(TimeView& view) const
{
    return std::make_unique<TimeChart>(m_spec, m_store, view);
}

std::unique_ptr<TimeChart> TimeChart::paperCopy(TimeView& view) const
{
    auto copy = makeCopy(view);
    copy->setPaper(true);
    copy->setReference(m_reference, m_referenceCaption);
    return copy;
}

void TimeChart::setReference(std::optional<double> value, const QString& caption)
{
    m_reference = value;
    m_referenceCaption = caption;
    m_stale = true;
    viewport()->update();
}

void TimeChart::refresh()
{
    m_shown = m_view.range();
    m_cache.setBuckets(m_store.buckets(m_shown, std::max(1, static_cast<int>(plotArea().width()))));
    fitValueAxis(updateSeries(m_cache));
    m_stale = true;
    viewport()->update();
}

std::pair<double, double> TimeChart::updateSeries(EnvelopeCache& shown)
{
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        QList<QPointF> points = SampleStore::line(shown.buckets(), shown.of(m_spec.traces[i].column));
        for (QPointF& point : points) {
            const double value = onAxis(point.y(), m_spec.traces[i].scale);
            low = std::min(low, value);
            high = std::max(high, value);
            point.setY(value);
        }
        m_lines[i]->replace(points);
    }
    for (const Band& band : m_bands)
        updateBand(band, shown);
    return {low, high};
}

double TimeChart::onAxis(double value, double scale) const
{
    constexpr float kLeast = 1e-12F, kLog10Of2 = 0.30103F;  // a pixel is a thousand times coarser than floats
    return m_spec.logarithmic ? static_cast<double>(std::log2(std::max(static_cast<float>(value * scale), kLeast)) * kLog10Of2)
                              : value * scale;
}

void TimeChart::addBand(std::size_t trace)
{
    Band band{trace, new QLineSeries(this), new QLineSeries(this), nullptr};
    band.area = new QAreaSeries(band.high, band.low);
    band.area->setParent(this);
    band.area->setName(tr("%1, interval").arg(seriesName(m_spec.traces[trace].name)));
    m_bands.push_back(band);
}

void TimeChart::updateBand(const Band& band, EnvelopeCache& shown)
{
    const TraceSpec& trace = m_spec.traces[band.trace];
    const auto& buckets = shown.buckets();
    const auto& lows = shown.of(trace.band->low);
    const auto& highs = shown.of(trace.band->high);
    QList<QPointF> low, high;
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        if (lows[i].count == 0 || highs[i].count == 0)
            continue;
        low.append({buckets[i].time, onAxis(static_cast<double>(lows[i].low), trace.scale)});
        high.append({buckets[i].time, onAxis(static_cast<double>(highs[i].high), trace.scale)});
    }
    band.low->replace(low);
    band.high->replace(high);
}

void TimeChart::fitValueAxis(std::pair<double, double> range)
{
    const auto [low, high] = range;
    if (low > high) {
        setValueRange(m_spec.logarithmic ? -1 : 0, m_spec.top.value_or(1));
    } else if (m_spec.logarithmic) {
        const double spare = std::max(0.05, (1 - (high - low)) / 2);  // at least a decade, the data in its middle
        setValueRange(stepDown(low - spare), stepUp(high + spare));
    } else if (!m_spec.fromZero) {
        const double top = std::min(std::ceil((high + 4) / 10) * 10, m_spec.top.value_or(1e300));
        setValueRange(std::max(0.0, std::min(std::floor((low - 4) / 10) * 10, top - 20)), top);
    } else {
        const double top = m_spec.top.value_or(roundUp(std::max(high, m_reference.value_or(0)) * 1.05));
        setValueRange(0, top);
    }
}

void TimeChart::setValueRange(double low, double high)
{
    m_low = low;
    m_high = high;
}

bool TimeChart::showsNothing() const
{
    const auto isEmpty = [](const QLineSeries* line) { return line->count() == 0; };
    return m_store.empty() || (!m_lines.empty() && std::all_of(m_lines.begin(), m_lines.end(), isEmpty));
}

QRectF TimeChart::plotArea() const
{
    const QSizeF size = viewport()->size();
    return {kLeft, kTop, std::max(10.0, size.width() - kLeft - kRight), std::max(10.0, size.height() - kTop - kBottom)};
}

QPointF TimeChart::toPixels(double seconds, double value) const
{
    const QRectF area = plotArea();
    return {area.left() + (seconds - m_shown.from) / m_shown.span() * area.width(),
            area.bottom() - (value - m_low) / (m_high - m_low) * area.height()};
}

double TimeChart::secondsAt(double x) const
{
    const QRectF area = plotArea();
    return m_shown.from + (std::clamp(x, area.left(), area.right()) - area.left()) / area.width() * m_shown.span();
}

QString seriesName(const QString& name)
{
    static constexpr const char* kNames[] = {
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "set"),       QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "achieved"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "estimated"), QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "running"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "expected"),  QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "modelled"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "reward"),    QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "regret"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "device"),    QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "queues"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "transfer"),  QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "edge"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "fallback"),  QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "slowest"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "exit"),      QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "cut"),
        QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "bits"),      QT_TRANSLATE_NOOP("splitscope::ui::TimeChart", "early")};
    const auto known
        = std::find_if(std::begin(kNames), std::end(kNames), [&](const char* one) { return name == QLatin1String(one); });
    return known == std::end(kNames) ? name : TimeChart::tr(*known);
}

std::vector<LegendEntry> TimeChart::legendEntries() const
{
    std::vector<LegendEntry> entries;
    for (const QLineSeries* line : m_lines)
        entries.push_back({line->name(), line->pen(), Qt::NoBrush});
    return entries;
}

std::vector<Tick> TimeChart::valueTicks() const
{
    const int count = std::max(2, static_cast<int>(plotArea().height() / 34));
    return m_spec.logarithmic ? logTicks(m_low, m_high, count + 1) : linearTicks(m_low, m_high, count);
}

std::vector<ValueColumn> TimeChart::valueColumns() const
{
    std::vector<ValueColumn> columns;
    const auto add = [&](const QString& name, Column column, double scale) {
        columns.push_back({QStringLiteral("%1_%2").arg(name, m_spec.unit).replace(' ', '_').replace('/', QLatin1String("_per_")),
                           {column},
                           scale});
    };
    for (const auto& trace : m_spec.traces) {
        add(trace.name, trace.column, trace.scale);
        if (trace.band) {
            add(trace.name + QStringLiteral("_low"), trace.band->low, trace.scale);
            add(trace.name + QStringLiteral("_high"), trace.band->high, trace.scale);
        }
    }
    return columns;
}

ChartValues TimeChart::values() const { return {m_store, m_view.range(), valueColumns()}; }

QStringList ChartValues::header() const
{
    QStringList names{QStringLiteral("time_s")};
    for (const auto& column : columns)
        names << column.name;
    return names;
}

double ChartValues::value(std::size_t column, std::size_t sample) const
{
    const ValueColumn& wanted = columns[column];
    if (wanted.columns.size() == 1)
        return static_cast<double>(samples.value(wanted.columns.front(), sample)) * wanted.scale;
    double sum = 0;
    for (const Column part : wanted.columns)
        if (const float value = samples.value(part, sample); !std::isnan(value))
            sum += static_cast<double>(value);
    return sum * wanted.scale;
}

void TimeChart::resizeEvent(QResizeEvent* event)
{
    QChartView::resizeEvent(event);
    refresh();
}

}  // namespace splitscope::ui
