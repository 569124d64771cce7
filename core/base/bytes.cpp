// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"

#include <QCryptographicHash>

namespace splitscope::base {

namespace {

std::string digest(ByteView bytes, QCryptographicHash::Algorithm algorithm)
{
    const auto view = QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return QCryptographicHash::hash(view, algorithm).toHex().toStdString();
}

}  // namespace

std::string sha256(ByteView bytes) { return digest(bytes, QCryptographicHash::Sha256); }

std::string md5(ByteView bytes) { return digest(bytes, QCryptographicHash::Md5); }

}  // namespace splitscope::base
