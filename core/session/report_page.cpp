// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/report_page_p.h"

#include "core/base/date.h"
#include "core/base/files.h"

namespace splitscope::session {

namespace {

constexpr const char* kStyle = R"(
:root{color-scheme:light}body{font:14px/1.45 system-ui,sans-serif;color:#222;background:#fff;max-width:900px;margin:24px auto;
padding:0 16px}h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:28px 0 8px;border-bottom:1px solid #ddd;padding-bottom:4px}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;margin:4px 0}th,td{text-align:left;padding:2px 14px 2px 0;
vertical-align:top;border-bottom:1px solid #eee}th{font-weight:600}td.n,th.n{text-align:right}figure{margin:14px 0;break-inside:avoid}
figcaption{font-weight:600}small,.legend,.none,.sub{color:#555;font-weight:400}.legend{font-size:12px}.legend span{margin-right:14px}
svg text{font:11px system-ui,sans-serif;fill:#555}svg .g{stroke:#e2e2e2;stroke-width:1;fill:none}pre{background:#f6f6f6;padding:10px;
overflow-wrap:anywhere;white-space:pre-wrap;font-size:12px}code{font-size:12px;overflow-wrap:anywhere}td.yes{color:#00694d;font-weight:600;white-space:nowrap}td.no{color:#a33c00;font-weight:600;white-space:nowrap}
td.open{color:#555;white-space:nowrap}.plot svg{max-width:100%;height:auto}section{break-inside:avoid-page}@media print{body{margin:0;
max-width:none}h2{break-after:avoid}pre{white-space:pre-wrap}}
)";

}  // namespace

std::string reportPage(const std::string& title, const std::string& body)
{
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title) + "</title><style>"
        + kStyle + "</style></head><body>\n" + body + "<p class=\"sub\">Splitscope " + escaped(base::programVersion()) + ", "
        + base::utcNow() + "</p></body></html>\n";
}

}  // namespace splitscope::session
