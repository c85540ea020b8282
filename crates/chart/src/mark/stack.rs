//! Areas that stack on each other in the order of their series.

use super::line::pair;
use crate::layout::Layout;
use crate::simplify::{Point, simplified};
use crate::svg::placed;
use crate::{ChartSpec, Series};

/// How high the areas drawn so far reach, at each position.
pub struct Areas {
    tops: Vec<f64>,
}

impl Areas {
    pub fn new(spec: &ChartSpec) -> Self {
        Self { tops: vec![0.0; spec.positions.len()] }
    }

    /// The area of a series on top of those before it.
    pub fn draw(&mut self, series: &Series, pale: u8, layout: &Layout) -> String {
        let lower = self.edge(layout);
        for (at, top) in self.tops.iter_mut().enumerate() {
            *top += series.value(at).unwrap_or_default();
        }
        let upper = self.edge(layout);
        if upper == lower || upper.len() < 2 {
            return String::new();
        }
        let ahead = simplified(&upper);
        let mut back = simplified(&lower);
        back.reverse();
        let pairs = |points: &[Point]| points.iter().map(pair).collect::<Vec<String>>().join(" ");
        let (role, d) = (series.role.class(), format!("M{}L{}z", pairs(&ahead), pairs(&back)));
        placed(layout, &format!(r#"<path class="mark-stack pale-{pale} {role}" d="{d}"/>"#))
    }

    fn edge(&self, layout: &Layout) -> Vec<Point> {
        let tops = layout.places().zip(&self.tops);
        tops.map(|((_, x), top)| (x * layout.path_width, layout.y(*top))).collect()
    }
}
