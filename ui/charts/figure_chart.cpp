// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/figure_chart.h"

#include "core/base/files.h"
#include "ui/charts/row_drawing.h"
#include "ui/models/figure_texts.h"

#include <QContextMenuEvent>
#include <QFileInfo>
#include <QFontMetrics>

namespace splitscope::ui {

namespace {

constexpr int kRowHeight = 16, kMargin = 8, kColumnGap = 14, kActionBelow = 40;
constexpr double kCategoriesMm = 82, kMapRowMm = 62, kFrontMm = 116;

}  // namespace

FigureChart::FigureChart(QWidget* parent) : PanelChart(parent) { changed(); }

FigureChart::~FigureChart() = default;

void FigureChart::setFigure(const session::Figure& figure)
{
    const bool same = m_figure && m_figure->key == figure.key;
    m_figure = translated(figure);
    m_view.hover.reset();
    placeAction({}, false, kActionBelow);
    panelsChanged(same);
    changed();
}

void FigureChart::clear(const QString& emptyText, const QString& action)
{
    m_figure.reset();
    m_emptyText = emptyText;
    m_view.hover.reset();
    placeAction(action, true, kActionBelow);
    panelsChanged(false);
    changed();
}

void FigureChart::changed()
{
    setAccessibleName(m_figure ? text(m_figure->title) : tr("Empty figure"));
    setAccessibleDescription(m_figure ? text(session::toText(*m_figure)) : m_emptyText);
    update();
}

void FigureChart::setSeriesShown(const QString& key, bool shown)
{
    if (shown)
        m_view.hidden.remove(key);
    else
        m_view.hidden.insert(key);
    update();
}

void FigureChart::setLogarithmic(bool logarithmic)
{
    m_view.logarithmic = logarithmic;
    update();
}

bool FigureChart::logarithmic() const { return m_view.logarithmic.value_or(m_figure && m_figure->y.logarithmic); }

std::unique_ptr<FigureDrawing> FigureChart::drawing() const
{
    return makeDrawing(*m_figure, m_view, size(), Theme::of(palette()));
}

QList<QPair<QString, QString>> FigureChart::hoverValues() const
{
    if (!m_figure || !m_view.hover)
        return {};
    return drawing()->valuesAt(*m_view.hover);
}

void FigureChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const Theme theme = Theme::of(palette());
    painter.fillRect(rect(), theme.panel);
    if (!m_figure) {
        painter.setPen(theme.muted);
        painter.setFont(smallFont());
        painter.drawText(rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    drawing()->paint(painter);
    paintOver(painter);
    if (const auto rows = hoverValues(); !rows.isEmpty())
        paintValues(painter, rows);
}

void FigureChart::paintValues(QPainter& painter, const QList<QPair<QString, QString>>& rows) const
{
    const Theme theme = Theme::of(palette());
    const QFontMetrics metrics(smallFont());
    int names = 0, values = 0;
    for (const auto& [name, value] : rows) {
        names = std::max(names, metrics.horizontalAdvance(name));
        values = std::max(values, metrics.horizontalAdvance(value));
    }
    QRect box(0, 0, names + values + kColumnGap + 2 * kMargin, static_cast<int>(rows.size()) * kRowHeight + kMargin);
    box.moveTopLeft(m_pointer.toPoint() + QPoint(16, 14));
    if (box.right() > width() - 4)
        box.moveRight(static_cast<int>(m_pointer.x()) - 16);
    box.moveLeft(std::max(4, box.left()));
    box.moveBottom(std::min(box.bottom(), height() - 4));
    QColor ground = theme.panel;
    ground.setAlpha(244);
    painter.fillRect(box, ground);
    painter.setPen(theme.muted);
    painter.drawRect(box.adjusted(0, 0, -1, -1));
    painter.setFont(smallFont());
    int y = box.top() + kMargin / 2;
    for (const auto& [name, value] : rows) {
        painter.setPen(theme.muted);
        painter.drawText(QRect(box.left() + kMargin, y, names, kRowHeight), Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setPen(theme.text);
        painter.drawText(QRect(box.left(), y, box.width() - kMargin, kRowHeight), Qt::AlignRight | Qt::AlignVCenter, value);
        y += kRowHeight;
    }
}

std::vector<ChartPanel> FigureChart::panels() const { return m_figure ? drawing()->panels() : std::vector<ChartPanel>{}; }

void FigureChart::onZoomed()
{
    m_view.zoom = zoom();
    m_view.hover.reset();
}

PanelChart::Told FigureChart::toldAt(const QPointF& place) const
{
    const auto spot = m_figure ? drawing()->spotAt(place) : std::nullopt;
    return !spot ? Told::Nothing : spot == m_view.hover ? Told::Same : Told::Other;
}

void FigureChart::pointAt(const QPointF& place)
{
    m_pointer = place;
    m_view.hover = m_figure ? drawing()->spotAt(place) : std::nullopt;
    update();
}

void FigureChart::pointAtNothing()
{
    m_view.hover.reset();
    update();
}

std::optional<QPointF> FigureChart::pointed() const { return m_view.hover ? std::optional(m_pointer) : std::nullopt; }

void FigureChart::contextMenuEvent(QContextMenuEvent* event)
{
    if (m_figure)
        Q_EMIT exportRequested(event->globalPos());
}

std::function<base::Status()> FigureChart::exporting(const QString& path, const std::string& ifEmpty,
                                                     const ExportOptions& options) const
{
    if (!m_figure)
        return [error = base::Error{base::ErrorCode::NotFound, ifEmpty, path.toStdString()}] { return base::Status(error); };
    return [figure = *m_figure, view = m_view, path, options] { return exportFigure(figure, view, path, options); };
}

base::Status exportFigure(const session::Figure& figure, const FigureView& view, const QString& path, ExportOptions options)
{
    if (QFileInfo(path).suffix().toLower() == QLatin1String("csv")) {
        const std::string csv = session::toCsv(figure);
        return base::writeFileAtomically(path.toStdString(), base::asBytes(csv));
    }
    if (options.heightMm <= 0 && figure.kind == session::FigureKind::Rows)
        options.heightMm = RowDrawing::heightFor(figure) * kLayoutUnitMm;
    if (options.heightMm <= 0 && figure.kind == session::FigureKind::Front)
        options.heightMm = kFrontMm;
    if (options.heightMm <= 0) {
        std::size_t rows = 0;
        for (std::size_t i = 0; i < figure.maps.size(); ++i)
            rows += i == 0 || figure.maps[i].network != figure.maps[i - 1].network ? 1 : 0;
        for (const auto& panel : figure.panels)
            rows = std::max(rows, static_cast<std::size_t>(panel.row) + 1);
        for (const auto& panel : figure.plots)
            rows = std::max(rows, static_cast<std::size_t>(panel.row) + 1);
        options.heightMm = rows > 0 ? 22 + kMapRowMm * static_cast<double>(rows) : kCategoriesMm;
    }
    FigureView onPaper = view;
    onPaper.paper = true;
    onPaper.hover.reset();
    return exportDrawing({text(figure.title),
                          [&](QPainter& painter, const QSizeF& layout) {
                              makeDrawing(figure, onPaper, layout, Theme::of(themePalette(false)))->paint(painter);
                          }},
                         path, options);
}

}  // namespace splitscope::ui
