//! Charts of the sheet that is signed, of its own cells.

use std::io::Result;

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType,
    Color, Worksheet,
};

use super::cells::written;
use super::looks;
use crate::words::report::{balance, head, part};
use crate::words::{Lang, Text};

/// Muted, and told apart in print.
const COLORS: [Color; 3] = [
    Color::RGB(0x0035_5C7D),
    Color::RGB(0x006C_9A8B),
    Color::RGB(0x00C0_8552),
];
/// In pixels.
const WIDTH: u32 = 610;
const HEIGHT: u32 = 225;
/// Rows that a chart covers.
pub(super) const ROWS: u32 = 12;

/// The lines of the balance, in packets, beside their table.
pub(super) fn balance(page: &mut Worksheet, lang: Lang, top: u32, lines: (u32, u32)) -> Result<()> {
    let sheet = part::SUMMARY.within(lang);
    let mut chart = Chart::new(ChartType::Bar);
    chart
        .add_series()
        .set_name(head::COUNT.within(lang))
        .set_categories((sheet, lines.0, 0, lines.1, 0))
        .set_values((sheet, lines.0, 1, lines.1, 1))
        .set_gap(60)
        .set_format(&mut filled(COLORS[0]));
    chart.title().set_name(part::BALANCE.within(lang));
    chart.legend().set_hidden();
    // The first line above, as in the table.
    chart.y_axis().set_reverse();
    quiet(&mut chart);
    chart.set_width(WIDTH).set_height(HEIGHT);
    written(page.insert_chart_with_offset(top, 3, &chart, 24, 4))?;
    Ok(())
}

/// Sent, claimed and refunded by day, below their table.
pub(super) fn days(page: &mut Worksheet, lang: Lang, at: u32, days: (u32, u32)) -> Result<()> {
    let sheet = part::SUMMARY.within(lang);
    let mut chart = Chart::new(ChartType::Column);
    let series: [(u16, Text); 3] = [
        (1, head::SENT),
        (3, balance::CLAIMED),
        (5, balance::REFUNDED),
    ];
    for ((column, name), color) in series.into_iter().zip(COLORS) {
        chart
            .add_series()
            .set_name(name.within(lang))
            .set_categories((sheet, days.0, 0, days.1, 0))
            .set_values((sheet, days.0, column, days.1, column))
            .set_format(&mut filled(color));
    }
    chart.title().set_name(part::DAYS.within(lang));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.x_axis().set_num_format(looks::DAY);
    quiet(&mut chart);
    chart.set_width(WIDTH + 380).set_height(HEIGHT);
    written(page.insert_chart_with_offset(at, 0, &chart, 4, 4))?;
    Ok(())
}

/// A small title, and lines that do not outshine the bars.
fn quiet(chart: &mut Chart) {
    let mut font = ChartFont::new();
    font.set_size(11);
    chart.title().set_font(&font);
    let mut line = ChartLine::new();
    line.set_color(looks::LINE).set_width(0.5);
    chart.y_axis().set_major_gridlines_line(&line);
    chart.x_axis().set_major_gridlines_line(&line);
}

fn filled(color: Color) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(color));
    format
}
