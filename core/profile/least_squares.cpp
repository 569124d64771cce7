// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/least_squares_p.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>

namespace splitscope::profile {

namespace {

using Matrix = std::vector<std::vector<double>>;

/// Gaussian elimination with pivoting; nothing of a (nearly) singular matrix. Columns are scaled to about 1.
std::optional<std::vector<double>> solve(Matrix a, std::vector<double> b)
{
    constexpr double kSingular = 1e-12;
    const std::size_t n = b.size();
    for (std::size_t column = 0; column < n; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < n; ++row)
            if (std::abs(a[row][column]) > std::abs(a[pivot][column]))
                pivot = row;
        if (std::abs(a[pivot][column]) < kSingular)
            return std::nullopt;
        std::swap(a[pivot], a[column]);
        std::swap(b[pivot], b[column]);
        for (std::size_t row = column + 1; row < n; ++row) {
            const double factor = a[row][column] / a[column][column];
            for (std::size_t k = column; k < n; ++k)
                a[row][k] -= factor * a[column][k];
            b[row] -= factor * b[column];
        }
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t k = i + 1; k < n; ++k)
            b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    return b;
}

/// Least squares of x·c = 1 over some of the columns.
std::optional<std::vector<double>> fitColumns(const Matrix& x, const std::vector<std::size_t>& columns)
{
    Matrix normal(columns.size(), std::vector<double>(columns.size(), 0));
    std::vector<double> right(columns.size(), 0);
    for (const auto& row : x)
        for (std::size_t i = 0; i < columns.size(); ++i) {
            right[i] += row[columns[i]];
            for (std::size_t k = 0; k < columns.size(); ++k)
                normal[i][k] += row[columns[i]] * row[columns[k]];
        }
    return solve(std::move(normal), std::move(right));
}

/// Sum of squared relative errors.
double lossOf(const Matrix& x, const std::vector<double>& coefficients)
{
    double loss = 0;
    for (const auto& row : x) {
        const double error = std::inner_product(row.begin(), row.end(), coefficients.begin(), 0.0) - 1;
        loss += error * error;
    }
    return loss;
}

/// Rows over their values, and columns over their largest entry, which is returned.
std::vector<double> normalise(const Matrix& rows, const std::vector<double>& values, Matrix& x)
{
    for (std::size_t r = 0; r < rows.size(); ++r) {
        if (!(values[r] > 0))
            continue;
        x.push_back(rows[r]);
        for (double& entry : x.back())
            entry /= values[r];
    }
    std::vector<double> scale(rows.empty() ? 0 : rows[0].size(), 0);
    for (const auto& row : x)
        for (std::size_t c = 0; c < row.size(); ++c)
            scale[c] = std::max(scale[c], std::abs(row[c]));
    for (auto& row : x)
        for (std::size_t c = 0; c < row.size(); ++c)
            row[c] = scale[c] > 0 ? row[c] / scale[c] : 0;
    return scale;
}

/// All choices of `variables` columns: fewer first, among equally many those without the earlier ones first.
std::vector<std::vector<std::size_t>> choices(std::size_t variables)
{
    std::vector<std::vector<std::size_t>> all;
    for (std::uint32_t mask = 1; mask < (1U << variables); ++mask) {
        auto& columns = all.emplace_back();
        for (std::size_t c = 0; c < variables; ++c)
            if (mask >> c & 1U)
                columns.push_back(c);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() < b.size() : a > b; });
    return all;
}

}  // namespace

std::vector<double> fitRelative(const Matrix& rows, const std::vector<double>& values)
{
    constexpr double kBetter = 1e-9;  // of the squared relative error: less is rounding
    Matrix x;
    const auto scale = normalise(rows, values, x);
    std::vector<double> best(scale.size(), 0);
    double bestLoss = std::numeric_limits<double>::infinity();
    for (const auto& columns : choices(x.empty() ? 0 : scale.size())) {
        const auto fitted = fitColumns(x, columns);
        if (!fitted || std::any_of(fitted->begin(), fitted->end(), [](double c) { return !(c >= 0); }))
            continue;
        std::vector<double> coefficients(scale.size(), 0);
        for (std::size_t i = 0; i < columns.size(); ++i)
            coefficients[columns[i]] = (*fitted)[i];
        const double loss = lossOf(x, coefficients);
        if (loss >= bestLoss - kBetter)
            continue;
        bestLoss = loss;
        best = std::move(coefficients);
    }
    for (std::size_t c = 0; c < best.size(); ++c)
        best[c] = scale[c] > 0 ? best[c] / scale[c] : 0;
    return best;
}

}  // namespace splitscope::profile
