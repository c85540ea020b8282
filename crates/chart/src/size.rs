//! The three ranges of width that a chart is laid out for.

/// A range of widths of the element around a chart. The stylesheet has the same bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Narrow,
    Medium,
    Wide,
}

impl Size {
    pub const ALL: [Size; 3] = [Size::Narrow, Size::Medium, Size::Wide];

    /// The range that holds a width.
    pub fn of(width_px: f64) -> Self {
        let fits = |size: &Size| width_px >= size.least_px();
        Self::ALL.into_iter().rev().find(fits).unwrap_or(Size::Narrow)
    }

    /// The least width of the range, which its labels are laid out for.
    pub fn least_px(self) -> f64 {
        match self {
            Size::Narrow => 260.0,
            Size::Medium => 480.0,
            Size::Wide => 800.0,
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Size::Narrow => "s",
            Size::Medium => "m",
            Size::Wide => "l",
        }
    }
}
