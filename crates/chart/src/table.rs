//! The table twin of a chart: the same values as text.

use crate::slot::position_label;
use crate::{Axis, ChartSpec, Emphasis, Series, Shape, number};

/// A chart as a table; a page decides how it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What the table shows.
    pub caption: String,
    /// Heads of the columns, the first that of the row names.
    pub columns: Vec<String>,
    /// One row for each position, as many cells as there are columns; `–` where there is no value.
    pub rows: Vec<Vec<String>>,
    /// Where each cell leads to, if it does; a row each, and less where nothing follows.
    pub links: Vec<Vec<Option<String>>>,
}

impl ChartSpec {
    /// Every value of the chart, never thinned or averaged; bands have a column for each edge.
    pub fn to_table(&self) -> Table {
        let head = match self.axis {
            Axis::Days => "Day",
            Axis::Weeks => "Week",
        };
        let columns = self.series.iter().flat_map(columns);
        let columns = [head.to_owned()].into_iter().chain(columns).collect();
        let rows = (0..self.positions.len()).map(|at| self.row(at)).collect();
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        let links = (0..self.positions.len()).map(|at| self.row_links(at)).collect();
        Table { caption: format!("{}{unit}", self.title), columns, rows, links }
    }

    fn row_links(&self, at: usize) -> Vec<Option<String>> {
        let Some(links) = &self.links else { return Vec::new() };
        let cells = self.series.iter().enumerate();
        let cells = cells.map(|(place, series)| {
            links.cell(place, at).filter(|_| series.value(at).is_some_and(|value| value != 0.0))
        });
        [links.row(at)].into_iter().chain(cells).collect()
    }

    fn row(&self, at: usize) -> Vec<String> {
        let name = self.positions.get(at).map(|position| {
            let dated = || position_label(self.axis, position.date);
            let name = self.own_label(at).map_or_else(dated, str::to_owned);
            match position.emphasis {
                Emphasis::Partial => format!("{name} ({})", self.partial_name),
                Emphasis::Full | Emphasis::Pale => name,
            }
        });
        let cells = self.series.iter().flat_map(|series| cells(series, at));
        name.into_iter().chain(cells).collect()
    }
}

fn columns(series: &Series) -> Vec<String> {
    match series.shape {
        Shape::Band { .. } => {
            vec![format!("{}, from", series.name), format!("{}, to", series.name)]
        }
        _ => vec![series.name.clone()],
    }
}

fn cells(series: &Series, at: usize) -> Vec<String> {
    let text = |value: Option<f64>| value.map_or("–".to_owned(), |value| number::value(value, 2));
    match series.shape {
        Shape::Band { .. } => vec![text(series.lower(at)), text(series.value(at))],
        _ => vec![text(series.value(at))],
    }
}
