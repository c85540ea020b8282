//! Fewer points for the same line, since a page has no room for points that nobody can see.

/// Place in plot coordinates: thousandths of the width or pixels, and pixels of the height.
pub type Point = (f64, f64);

/// No line has more points than a common plot has pixels.
const POINTS_MAX: usize = 800;

/// Deviation that nobody can see, in pixels.
const TOLERANCE_PX: f64 = 0.35;

/// The points that matter to a line with ascending x; first, last and peaks are among them.
pub fn simplified(points: &[Point]) -> Vec<Point> {
    let mut tolerance_px = TOLERANCE_PX;
    loop {
        let kept = thinned(points, tolerance_px);
        if kept.len() <= POINTS_MAX || tolerance_px > 1e6 {
            return kept;
        }
        tolerance_px *= 2.0;
    }
}

/// Keeps each point that lies further than the tolerance from the line between its kept neighbours.
fn thinned(points: &[Point], tolerance_px: f64) -> Vec<Point> {
    let Some(last) = points.len().checked_sub(1) else { return Vec::new() };
    let mut kept = vec![false; points.len()];
    let mut spans = vec![(0, last)];
    for end in [0, last] {
        kept.get_mut(end).into_iter().for_each(|keep| *keep = true);
    }
    while let Some((from, to)) = spans.pop() {
        let Some((at, distance_px)) = furthest(points, from, to) else { continue };
        if distance_px > tolerance_px {
            kept.get_mut(at).into_iter().for_each(|keep| *keep = true);
            spans.extend([(from, at), (at, to)]);
        }
    }
    points.iter().zip(kept).filter(|(_, keep)| *keep).map(|(point, _)| *point).collect()
}

/// The point between two others that lies furthest above or below the line through them.
fn furthest(points: &[Point], from: usize, to: usize) -> Option<(usize, f64)> {
    let (&(x0, y0), &(x1, y1)) = (points.get(from)?, points.get(to)?);
    let slope = if x1 > x0 { (y1 - y0) / (x1 - x0) } else { 0.0 };
    let between = points.iter().enumerate().take(to).skip(from + 1);
    let distances = between.map(|(at, (x, y))| (at, (y - y0 - slope * (x - x0)).abs()));
    distances.max_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_lines_need_two_points() {
        let line: Vec<Point> = (0..700).map(|x| (f64::from(x), f64::from(x) / 3.0)).collect();
        assert_eq!(simplified(&line), [line[0], line[699]]);
    }

    #[test]
    fn peaks_stay_and_the_count_is_bounded() {
        let noise = |x: u32| f64::from(x.wrapping_mul(2_654_435_761) >> 25);
        let mut line: Vec<Point> = (0..5000).map(|x| (f64::from(x) / 5.0, noise(x))).collect();
        line[2500].1 = 900.0;
        let few = simplified(&line);
        assert!(few.len() <= POINTS_MAX && few.contains(&line[2500]), "{}", few.len());
    }

    #[test]
    fn nothing_stays_nothing() {
        assert_eq!(simplified(&[]), []);
        assert_eq!(simplified(&[(1.0, 2.0)]), [(1.0, 2.0)]);
    }
}
