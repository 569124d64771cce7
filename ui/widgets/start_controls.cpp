// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/start_controls.h"

#include "core/model/network_spec.h"

#include <QComboBox>
#include <QFormLayout>
#include <QSpinBox>

namespace splitscope::ui {

namespace {

QSpinBox* spinBox(int low, int high, const QString& toolTip)
{
    auto* box = new QSpinBox;
    box->setRange(low, high);
    box->setGroupSeparatorShown(true);
    box->setToolTip(toolTip);
    return box;
}

QComboBox* editableBox(const QStringList& items, const QString& toolTip)
{
    auto* box = new QComboBox;
    box->setEditable(true);
    box->addItems(items);
    box->setToolTip(toolTip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    return box;
}

}  // namespace

StartControls::StartControls(QWidget* parent)
    : QGroupBox(tr("Next run"), parent),
      m_device(editableBox({QStringLiteral("loopback"), QStringLiteral("tcp://raspberrypi.local:5560")},
                           tr("loopback: a device emulated on this machine; or tcp://HOST:PORT of a device's daemon"))),
      m_model(new QComboBox),
      m_data(editableBox({QStringLiteral("patterns"), QStringLiteral("cifar10"), QStringLiteral("imagenette")},
                         tr("patterns (built in), cifar10, imagenette, or a folder or zip of images on the device"))),
      m_coder(new QComboBox), m_batch(spinBox(1, wire::kMaxBatch, tr("Frames in one request"))),
      m_depth(spinBox(1, wire::kMaxDepth, tr("Requests in flight; 1: one after the other"))),
      m_frames(spinBox(1, static_cast<int>(wire::kMaxFrames), tr("Frames of the whole run"))),
      m_seed(spinBox(0, 2'000'000'000, tr("Order of the images; the same seed gives the same order")))
{
    auto* form = new QFormLayout(this);
    form->addRow(tr("Device"), m_device);
    form->addRow(tr("Model"), m_model);
    form->addRow(tr("Data"), m_data);
    form->addRow(tr("Coder"), m_coder);
    form->addRow(tr("Batch"), m_batch);
    form->addRow(tr("Depth"), m_depth);
    form->addRow(tr("Frames"), m_frames);
    form->addRow(tr("Seed"), m_seed);
    m_model->setToolTip(tr("Networks with several exits; their weights ship with the program"));
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_model->setMinimumContentsLength(8);
    for (const auto& name : model::shippedNetworks())
        m_model->addItem(QString::fromStdString(name));
    m_coder->setToolTip(
        tr("How quantized levels are written. huffman and context need a codebook of the model and the data: they\n"
           "ship with the program, or are made by splitscope-cli codebook train"));
    m_coder->addItem(tr("as the cost table"));
    for (const auto coder : codec::kEntropyCoders)
        m_coder->addItem(QString::fromStdString(toString(coder)));
    for (int row = 0; row < form->rowCount(); ++row) {
        auto* field = form->itemAt(row, QFormLayout::FieldRole)->widget();
        field->setAccessibleName(static_cast<QWidget*>(form->labelForField(field))->property("text").toString());
    }
    connect(m_model, &QComboBox::currentTextChanged, this, &StartControls::modelChanged);
    for (QComboBox* box : {m_device, m_model, m_data, m_coder})
        connect(box, &QComboBox::currentTextChanged, this, &StartControls::edited);
    for (QSpinBox* box : {m_batch, m_depth, m_frames, m_seed})
        connect(box, &QSpinBox::valueChanged, this, &StartControls::edited);
}

void StartControls::show(const session::Scenario& scenario)
{
    const auto select = [](QComboBox* box, const std::string& text) {
        const QString wanted = QString::fromStdString(text);
        if (box->findText(wanted) < 0)
            box->addItem(wanted);
        box->setCurrentText(wanted);
    };
    select(m_device, scenario.device);
    select(m_model, scenario.model);
    select(m_data, scenario.data);
    m_coder->setCurrentIndex(scenario.coder ? m_coder->findText(QString::fromStdString(toString(*scenario.coder))) : 0);
    m_batch->setValue(scenario.batch);
    m_depth->setValue(scenario.depth);
    m_frames->setValue(static_cast<int>(std::min<std::uint64_t>(scenario.frames, wire::kMaxFrames)));
    m_seed->setValue(static_cast<int>(std::min<std::uint64_t>(scenario.seed, 2'000'000'000)));
}

void StartControls::applyTo(session::Scenario& scenario) const
{
    scenario.device = m_device->currentText().trimmed().toStdString();
    scenario.model = m_model->currentText().toStdString();
    scenario.data = m_data->currentText().trimmed().toStdString();
    scenario.coder.reset();
    if (const int coder = m_coder->currentIndex(); coder > 0)
        scenario.coder = codec::kEntropyCoders[static_cast<std::size_t>(coder - 1)];
    scenario.batch = m_batch->value();
    scenario.depth = m_depth->value();
    scenario.frames = static_cast<std::uint64_t>(m_frames->value());
    scenario.seed = static_cast<std::uint64_t>(m_seed->value());
}

void StartControls::setEditable(bool editable)
{
    for (QWidget* field : std::initializer_list<QWidget*>{m_device, m_model, m_data, m_coder, m_batch, m_depth, m_frames, m_seed})
        field->setEnabled(editable);
    setTitle(editable ? tr("Next run") : tr("This run"));
}

}  // namespace splitscope::ui
