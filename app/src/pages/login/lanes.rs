use std::fmt::Write;

use leptos::prelude::*;

const WIDTH: i32 = 700;
const LANES: i32 = 26;
/// The height of a lane and its gap.
const PITCH: i32 = 40;
const HEIGHT: i32 = 26;
/// The distance between two strokes of a wave.
const STROKE: i32 = 4;
/// The index of the highlighted lane.
const CHOSEN: i32 = 9;

/// A decorative picture next to the form: the tracks of a meeting.
#[component]
pub fn Lanes() -> impl IntoView {
    view! {
        <div class="art" aria-hidden="true">
            <svg
                viewBox=format!("0 0 {WIDTH} {}", LANES * PITCH)
                preserveAspectRatio="xMinYMid slice"
                // Markup: SVG paths of generated numbers.
                inner_html=draw()
            ></svg>
        </div>
    }
}

/// A deterministic pseudo-random sequence (a linear congruential generator, Numerical Recipes).
struct Random(u32);

impl Random {
    fn below(&mut self, end: i32) -> i32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        i32::try_from(self.0 >> 16).unwrap_or_default() % end
    }
}

fn draw() -> String {
    let mut random = Random(22);
    let mut svg = String::new();
    for lane in 0..LANES {
        let top = lane * PITCH;
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            r#"<path class="axis" d="M0 {}h{WIDTH}"/>"#,
            top + HEIGHT / 2
        );
        let mut x = [0, 0, 63, 112, 196][usize::try_from(random.below(5)).unwrap_or_default()];
        while x < WIDTH {
            let width = 90 + random.below(330);
            clip(&mut svg, &mut random, lane, x, width);
            x += width + 28 + random.below(100);
        }
    }
    svg
}

/// One segment of speech: a box and its waveform.
fn clip(svg: &mut String, random: &mut Random, lane: i32, x: i32, width: i32) {
    let top = lane * PITCH;
    let class = if lane == CHOSEN { "clip on" } else { "clip" };
    let _ = write!(
        svg,
        r#"<rect class="{class}" x="{x}.5" y="{top}.5" width="{width}" height="{}" rx="4"/><path class="wave{}" d=""#,
        HEIGHT - 1,
        if lane == CHOSEN { " on" } else { "" },
    );
    let mut loud = 6;
    let mut at = x + STROKE;
    while at < (x + width).min(WIDTH) {
        // Varies the amplitude like sentences with pauses between them.
        loud = match random.below(14) {
            0 => 1,
            n => (loud + n - 7).clamp(1, 10),
        };
        let _ = write!(svg, "M{at} {}v{}", top + HEIGHT / 2 - loud, 2 * loud);
        at += STROKE;
    }
    svg.push_str(r#""/>"#);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_always_the_same_and_not_large() {
        let svg = draw();
        assert_eq!(svg, draw());
        assert!(svg.len() < 80_000, "{}", svg.len());
        assert_eq!(svg.matches("\"axis\"").count(), 26);
        assert!(svg.contains("clip on"));
    }
}
