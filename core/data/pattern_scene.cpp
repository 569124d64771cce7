// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/pattern_scene.h"

#include "core/base/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace splitscope::data {

namespace {

using Colour = std::array<float, 3>;

/// How hard the pictures are. Tuned so that exits of a small branchy network differ by several points.
constexpr float kSmallestSubject = 0.5F;  // radius, in half picture heights
constexpr float kLargestSubject = 0.85F;
constexpr float kLowestContrast = 0.28F;  // between the mean colours of subject and ground
constexpr float kHighestContrast = 0.75F;
constexpr int kFewestClutter = 0;
constexpr int kMostClutter = 3;
constexpr int kMostStrokes = 2;
constexpr float kMostNoise = 0.06F;

/// floor, for |t| < 4096, without a call into the mathematics library.
int floorOf(float t) { return static_cast<int>(t + 4096.0F) - 4096; }

/// A sine-like wave of period 1 made of parabolas, in [-1, 1].
float wave(float t)
{
    const float x = 2.0F * (t - static_cast<float>(floorOf(t))) - 1.0F;
    return 4.0F * x * (1.0F - std::abs(x));
}

struct Direction {
    float x = 1;
    float y = 0;
};

/// Uniform over the circle; by rejection, since sines differ between platforms.
Direction drawDirection(base::Random& random)
{
    for (;;) {
        const float x = random.between(-1, 1);
        const float y = random.between(-1, 1);
        const float square = x * x + y * y;
        if (square > 0.01F && square <= 1.0F) {
            const float length = std::sqrt(square);
            return {x / length, y / length};
        }
    }
}

Colour drawColour(base::Random& random)
{
    Colour colour;
    for (float& c : colour)
        c = random.between(0.12F, 0.88F);
    return colour;
}

/// Values in [-1, 1] over the plane that colour an area.
class Texture {
public:
    explicit Texture(base::Random& random)
    {
        m_kind = static_cast<Kind>(random.below(5));
        const Direction along = drawDirection(random);
        const float frequency = random.between(1.2F, 4.5F);
        m_ax = along.x * frequency;
        m_ay = along.y * frequency;
        m_phaseA = random.unit();
        m_phaseB = random.unit();
        m_seed = random.bits();
        m_cells = random.between(2.5F, 7.0F);
    }

    [[nodiscard]] float at(float x, float y) const
    {
        const float a = m_ax * x + m_ay * y + m_phaseA;
        const float b = m_ax * y - m_ay * x + m_phaseB;
        switch (m_kind) {
        case Kind::Gradient: return wave(0.12F * a + m_phaseB);
        case Kind::Grating: return wave(a);
        case Kind::Checks: return wave(a) * wave(b) >= 0.0F ? 0.9F : -0.9F;
        case Kind::Dots: return 0.5F * (wave(a) + wave(b));
        case Kind::Cloud: return cloud(x * m_cells, y * m_cells);
        }
        return 0;
    }

private:
    enum class Kind { Gradient, Grating, Checks, Dots, Cloud };

    [[nodiscard]] float corner(int x, int y) const
    {
        const auto key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)) << 32 | static_cast<std::uint32_t>(y);
        return static_cast<float>(base::mixBits(m_seed ^ key) >> 40) * (2.0F / 16777216.0F) - 1.0F;
    }

    [[nodiscard]] float cloud(float x, float y) const
    {
        const int left = floorOf(x);
        const int top = floorOf(y);
        float fx = x - static_cast<float>(left);
        float fy = y - static_cast<float>(top);
        fx = fx * fx * (3.0F - 2.0F * fx);
        fy = fy * fy * (3.0F - 2.0F * fy);
        const float upper = corner(left, top) + fx * (corner(left + 1, top) - corner(left, top));
        const float lower = corner(left, top + 1) + fx * (corner(left + 1, top + 1) - corner(left, top + 1));
        return upper + fy * (lower - upper);
    }

    Kind m_kind;
    float m_ax;
    float m_ay;
    float m_phaseA;
    float m_phaseB;
    float m_cells;
    std::uint64_t m_seed;
};

/// A texture between two colours.
struct Surface {
    Texture texture;
    Colour middle;
    Colour swing;

    Surface(base::Random& random, const Colour& mean) : texture(random), middle(mean)
    {
        const float strength = random.between(0.0F, 0.14F);
        for (float& s : swing)
            s = strength * random.between(0.3F, 1.0F) * (random.below(5) == 0 ? -1.0F : 1.0F);
    }
};

/// The picture as it is painted: colours as floats, coordinates in [-1, 1] along the shorter side.
class Canvas {
public:
    explicit Canvas(ImageSize size)
        : m_width(size.width), m_height(size.height), m_half(static_cast<float>(std::min(size.width, size.height)) * 0.5F)
    {
        for (auto& plane : m_planes)
            plane.resize(static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_height));
    }

    /// Paints where `distance(x, y)` is negative, at most `reach` from (cx, cy); `softness` is the width of the edge.
    template <typename Distance>
    void paint(const Surface& surface, float cx, float cy, float reach, float softness, Distance distance)
    {
        const float edge = std::max(softness, 1.0F / m_half);
        reach += edge;
        const int left = std::max(0, column(cx - reach));
        const int right = std::min(m_width - 1, column(cx + reach) + 1);
        const int top = std::max(0, row(cy - reach));
        const int bottom = std::min(m_height - 1, row(cy + reach) + 1);
        for (int j = top; j <= bottom; ++j)
            for (int i = left; i <= right; ++i) {
                const float x = (static_cast<float>(i) + 0.5F - static_cast<float>(m_width) * 0.5F) / m_half;
                const float y = (static_cast<float>(j) + 0.5F - static_cast<float>(m_height) * 0.5F) / m_half;
                const float cover = std::clamp(0.5F - distance(x, y) / edge, 0.0F, 1.0F);
                if (cover > 0.0F)
                    blend(surface, static_cast<std::size_t>(j) * static_cast<std::size_t>(m_width) + static_cast<std::size_t>(i),
                          x, y, cover);
            }
    }

    void fill(const Surface& surface)
    {
        const float reach = static_cast<float>(std::max(m_width, m_height)) / m_half;
        paint(surface, 0, 0, reach, 0, [](float, float) { return -1.0F; });
    }

    /// A box filter of (2 radius + 1) pixels along both directions.
    void blur(int radius)
    {
        for (auto& plane : m_planes) {
            for (int j = 0; j < m_height; ++j)
                blurLine(plane, static_cast<std::size_t>(j) * static_cast<std::size_t>(m_width), 1, m_width, radius);
            for (int i = 0; i < m_width; ++i)
                blurLine(plane, static_cast<std::size_t>(i), static_cast<std::size_t>(m_width), m_height, radius);
        }
    }

    /// 8-bit samples with noise of up to ±`noise` added to each.
    [[nodiscard]] Image develop(ImageSize size, base::Random& random, float noise) const
    {
        Image image{size, {}};
        image.pixels.reserve(size.byteCount());
        for (const auto& plane : m_planes)
            for (const float value : plane) {
                const auto bits = random.bits();
                // The sum of two uniform numbers: closer to a sensor's noise than one.
                const auto sum = static_cast<std::int32_t>((bits >> 48) + ((bits >> 32) & 0xffffU)) - 65535;
                const float noisy = value + noise * static_cast<float>(sum) * (1.0F / 65536.0F);
                // NOLINTNEXTLINE(bugprone-incorrect-roundings): the value is not negative, and weights are trained on this
                image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(noisy, 0.0F, 1.0F) * 255.0F + 0.5F));
            }
        return image;
    }

private:
    [[nodiscard]] int column(float x) const { return floorOf(x * m_half + static_cast<float>(m_width) * 0.5F); }
    [[nodiscard]] int row(float y) const { return floorOf(y * m_half + static_cast<float>(m_height) * 0.5F); }

    void blend(const Surface& surface, std::size_t at, float x, float y, float cover)
    {
        const float t = surface.texture.at(x, y);
        for (std::size_t c = 0; c < 3; ++c) {
            float& value = m_planes[c][at];
            value += cover * (surface.middle[c] + surface.swing[c] * t - value);
        }
    }

    void blurLine(std::vector<float>& plane, std::size_t start, std::size_t step, int count, int radius)
    {
        m_line.resize(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
            m_line[static_cast<std::size_t>(i)] = plane[start + static_cast<std::size_t>(i) * step];
        const float scale = 1.0F / static_cast<float>(2 * radius + 1);
        for (int i = 0; i < count; ++i) {
            float sum = 0;
            for (int k = i - radius; k <= i + radius; ++k)
                sum += m_line[static_cast<std::size_t>(std::clamp(k, 0, count - 1))];
            plane[start + static_cast<std::size_t>(i) * step] = sum * scale;
        }
    }

    int m_width;
    int m_height;
    float m_half;
    std::array<std::vector<float>, 3> m_planes;
    std::vector<float> m_line;
};

/// Where a shape stands: turned, scaled and slightly squeezed.
struct Pose {
    float x;
    float y;
    float radius;
    float squeeze;
    Direction turn;

    Pose(base::Random& random, float spread, float smallest, float largest)
    {
        radius = random.between(smallest, largest);
        x = random.between(-spread, spread) * (1.0F - 0.6F * radius);
        y = random.between(-spread, spread) * (1.0F - 0.6F * radius);
        squeeze = random.between(0.78F, 1.0F);
        turn = drawDirection(random);
    }
};

void paintShape(Canvas& canvas, const Surface& surface, Shape shape, const Pose& pose, float softness)
{
    canvas.paint(surface, pose.x, pose.y, pose.radius * 1.2F, softness, [&](float x, float y) {
        const float dx = (x - pose.x) / pose.radius;
        const float dy = (y - pose.y) / pose.radius;
        const float across = (pose.turn.x * dx + pose.turn.y * dy) / pose.squeeze;
        return shapeDistance(shape, across, pose.turn.x * dy - pose.turn.y * dx) * pose.radius * pose.squeeze;
    });
}

/// A thin line through a random point near the middle, so that it often crosses the subject.
void paintStroke(Canvas& canvas, base::Random& random)
{
    const Surface surface(random, drawColour(random));
    const float x0 = random.between(-0.6F, 0.6F);
    const float y0 = random.between(-0.6F, 0.6F);
    const Direction along = drawDirection(random);
    const float halfLength = random.between(0.2F, 0.6F);
    const float halfWidth = random.between(0.025F, 0.06F);
    canvas.paint(surface, x0, y0, halfLength, 0, [&](float x, float y) {
        const float forward = along.x * (x - x0) + along.y * (y - y0);
        const float sideways = along.x * (y - y0) - along.y * (x - x0);
        return std::max(std::abs(forward) - halfLength, std::abs(sideways) - halfWidth);
    });
}

/// A small shape of any class: what is drawn locally says nothing about the subject.
void paintClutter(Canvas& canvas, base::Random& random)
{
    const Surface surface(random, drawColour(random));
    const auto shape = static_cast<Shape>(random.below(static_cast<int>(kShapeNames.size())));
    const Pose pose(random, 1.1F, 0.1F, 0.22F);
    paintShape(canvas, surface, shape, pose, 0);
}

/// A colour whose distance from `from` is about `contrast`, kept displayable by pointing away from the limits.
Colour drawContrasting(base::Random& random, const Colour& from, float contrast)
{
    Colour colour;
    const bool brighter = from[0] + from[1] + from[2] < 1.5F;
    for (std::size_t c = 0; c < 3; ++c) {
        const float step = contrast * random.between(0.25F, 1.3F);
        const bool up = random.below(4) == 0 ? !brighter : brighter;
        colour[c] = std::clamp(from[c] + (up ? step : -step), 0.04F, 0.96F);
    }
    return colour;
}

}  // namespace

Image drawPattern(Shape shape, std::uint64_t seed, ImageSize size)
{
    base::Random random(seed);
    Canvas canvas(size);
    const Colour ground = drawColour(random);
    canvas.fill(Surface(random, ground));

    const int clutter = kFewestClutter + random.below(kMostClutter - kFewestClutter + 1);
    const int behind = random.below(clutter + 1);
    for (int i = 0; i < behind; ++i)
        paintClutter(canvas, random);

    const float contrast = random.between(kLowestContrast, kHighestContrast);
    const Surface surface(random, drawContrasting(random, ground, contrast));
    const Pose pose(random, 0.5F, kSmallestSubject, kLargestSubject);
    const float softness = random.between(0.0F, 0.06F);
    paintShape(canvas, surface, shape, pose, softness);

    for (int i = behind; i < clutter; ++i)
        paintClutter(canvas, random);
    const int strokes = random.below(kMostStrokes + 1);
    for (int i = 0; i < strokes; ++i)
        paintStroke(canvas, random);

    const int radius = std::min(size.width, size.height) / 32;
    if (random.below(4) == 0)
        canvas.blur(radius);
    const float noise = random.between(0.01F, kMostNoise);
    base::Random grain(base::mixBits(seed) ^ 0x6772'6169'6e00ULL);
    return canvas.develop(size, grain, noise);
}

}  // namespace splitscope::data
