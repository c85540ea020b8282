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
    /// Where each row leads to; empty where it leads nowhere.
    pub links: Vec<String>,
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
        let link = |links: &crate::Links, at: usize| {
            links.parts.get(at).filter(|part| !part.is_empty()).map(|part| links.address(part))
        };
        let link = |at| self.links.as_ref().and_then(|links| link(links, at)).unwrap_or_default();
        let links = (0..self.positions.len()).map(link).collect();
        Table { caption: format!("{}{unit}", self.title), columns, rows, links }
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
