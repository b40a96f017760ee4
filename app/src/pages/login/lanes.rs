use std::fmt::Write;

use leptos::prelude::*;

const WIDTH: i32 = 700;
const LANES: i32 = 26;
/// A lane and the gap below it.
const PITCH: i32 = 40;
const HEIGHT: i32 = 26;
/// Between two strokes of a wave.
const STROKE: i32 = 4;
/// How many waves are drawn; the clips share them.
const WAVES: i32 = 5;
/// The longest clip.
const LONGEST: i32 = 420;
/// The one lane that is chosen.
const CHOSEN: i32 = 9;

/// The calm picture beside the form: tracks of a meeting on one wall clock.
pub fn lanes() -> impl IntoView {
    view! {
        <div class="art" aria-hidden="true">
            <svg
                viewBox=format!("0 0 {WIDTH} {}", LANES * PITCH)
                preserveAspectRatio="xMinYMid slice"
                // Markup: paths of drawn numbers.
                inner_html=draw()
            ></svg>
        </div>
    }
}

/// A row of numbers that look like chance and are always the same (a linear congruential generator,
/// Numerical Recipes).
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
    // Writing to a string cannot fail.
    for wave in 0..WAVES {
        let strokes = draw_wave(&mut random);
        let _ = write!(svg, r#"<path id="w{wave}" d="{strokes}"/>"#);
    }
    svg = format!("<defs>{svg}</defs>");
    for lane in 0..LANES {
        let middle = lane * PITCH + HEIGHT / 2;
        let _ = write!(svg, r#"<path class="axis" d="M0 {middle}h{WIDTH}"/>"#);
        let mut x = [0, 0, 63, 112, 196][usize::try_from(random.below(5)).unwrap_or_default()];
        while x < WIDTH {
            let width = 90 + random.below(LONGEST - 90);
            draw_clip(&mut svg, lane, x, width, random.below(WAVES));
            x += width + 28 + random.below(100);
        }
    }
    svg
}

/// The strokes of a wave, as long as the longest clip.
fn draw_wave(random: &mut Random) -> String {
    let mut strokes = String::new();
    let mut loud = 6;
    for stroke in 1..LONGEST / STROKE {
        // A sentence swells and fades; between two there is a pause.
        loud = match random.below(14) {
            0 => 1,
            n => (loud + n - 7).clamp(1, 10),
        };
        let (at, top) = (stroke * STROKE, HEIGHT / 2 - loud);
        let _ = write!(strokes, "M{at} {top}v{}", 2 * loud);
    }
    strokes
}

/// One stretch of speech: a box and its wave.
fn draw_clip(svg: &mut String, lane: i32, x: i32, width: i32, wave: i32) {
    let y = lane * PITCH;
    let (on, height) = (if lane == CHOSEN { " on" } else { "" }, HEIGHT - 1);
    let _ = write!(
        svg,
        r##"<rect class="clip{on}" x="{x}.5" y="{y}.5" width="{width}" height="{height}" rx="4"/><svg class="wave{on}" x="{x}" y="{y}" width="{width}" height="{HEIGHT}"><use href="#w{wave}"/></svg>"##,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_always_the_same_and_not_large() {
        let svg = draw();
        assert_eq!(svg, draw());
        assert!(svg.len() < 25_000, "{}", svg.len());
        assert_eq!(svg.matches("\"axis\"").count(), 26);
        assert!(svg.contains("clip on"));
    }
}
