// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pattern_shapes.h"

#include <algorithm>
#include <cmath>

namespace splitscope::data {

namespace {

float length(float x, float y) { return std::sqrt(x * x + y * y); }

float disc(float x, float y, float radius) { return length(x, y) - radius; }

float box(float x, float y, float halfWidth, float halfHeight)
{
    return std::max(std::abs(x) - halfWidth, std::abs(y) - halfHeight);
}

/// Equilateral, pointing to +y, `inner` from the centre to each side.
float triangle(float x, float y, float inner)
{
    const float slanted = 0.8660254F * std::abs(x) + 0.5F * y;
    return std::max(slanted, -y) - inner;
}

/// Five points: the plane is folded onto half a point, where one straight edge remains.
float star(float x, float y)
{
    constexpr float kCos = 0.809016994F;  // of 36 degrees
    constexpr float kSin = 0.587785252F;
    constexpr float kOuter = 1.05F;
    constexpr float kInner = 0.46F;
    x = std::abs(x);
    const float right = std::max(kCos * x - kSin * y, 0.0F);
    x -= 2.0F * right * kCos;
    y += 2.0F * right * kSin;
    const float left = std::max(-kCos * x - kSin * y, 0.0F);
    x += 2.0F * left * kCos;
    y += 2.0F * left * kSin;
    x = std::abs(x);
    // The edge from the tip (0, outer) to the notch at 36 degrees.
    constexpr float kNotchX = kInner * kSin;
    constexpr float kNotchY = kInner * kCos;
    const float edgeX = kNotchX;
    const float edgeY = kNotchY - kOuter;
    const float scale = 1.0F / length(edgeX, edgeY);
    return (edgeX * (y - kOuter) - edgeY * x) * scale;
}

float arrow(float x, float y)
{
    const float head = triangle(x, y - 0.32F, 0.34F);
    const float shaft = box(x, y + 0.48F, 0.2F, 0.5F);
    return std::min(head, shaft);
}

}  // namespace

float shapeDistance(Shape shape, float x, float y)
{
    switch (shape) {
    case Shape::Disc: return disc(x, y, 0.8F);
    case Shape::Ring: return std::abs(length(x, y) - 0.7F) - 0.2F;
    case Shape::Square: return box(x, y, 0.7F, 0.7F);
    case Shape::Triangle: return triangle(x, y, 0.52F);
    case Shape::Cross: return std::min(box(x, y, 0.95F, 0.27F), box(x, y, 0.27F, 0.95F));
    case Shape::Star: return star(x, y);
    case Shape::Bars: return box(std::abs(x) - 0.48F, y, 0.24F, 0.85F);
    case Shape::Crescent: return std::max(disc(x, y, 0.92F), -disc(x - 0.42F, y, 0.72F));
    case Shape::Arrow: return arrow(x, y);
    case Shape::Hourglass: return std::max(std::abs(y) - 0.85F, (std::abs(x) - 0.85F * std::abs(y)) * 0.76F);
    }
    return 1.0F;
}

}  // namespace splitscope::data
