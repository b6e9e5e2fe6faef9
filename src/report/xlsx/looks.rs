//! Formats, and how a sheet is printed.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

use crate::words::Lang;

const A4: u8 = 9;
/// Behind headers.
const HEAD: Color = Color::RGB(0x00E9_EDF2);
/// Lines of tables.
pub(super) const LINE: Color = Color::RGB(0x00B7_C0CC);
/// Beside what is told in passing.
const MUTED: Color = Color::RGB(0x0055_606E);
/// The colour of alarms.
pub(super) const ALARM: Color = Color::RGB(0x00B4_2318);

pub(super) const NUMBER: &str = "#,##0";
pub(super) const YUAN: &str = "#,##0.00";
pub(super) const TIME: &str = "yyyy-mm-dd hh:mm:ss";
pub(super) const DAY: &str = "yyyy-mm-dd";
/// Text, also after somebody edited the cell.
pub(super) const TEXT: &str = "@";

/// Of a table's header.
pub(super) fn header() -> Format {
    Format::new()
        .set_bold()
        .set_background_color(HEAD)
        .set_border_bottom(FormatBorder::Thin)
        .set_border_bottom_color(LINE)
        .set_align(FormatAlign::VerticalCenter)
}

/// Of numbers, amounts or times that are shown so.
pub(super) fn shown(form: &str) -> Format {
    Format::new().set_num_format(form)
}

/// Of a cell in a box.
pub(super) fn boxed() -> Format {
    Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
        .set_align(FormatAlign::VerticalCenter)
}

/// Of a header in a box, in the middle.
pub(super) fn boxed_header() -> Format {
    boxed()
        .set_bold()
        .set_background_color(HEAD)
        .set_align(FormatAlign::Center)
        .set_text_wrap()
}

pub(super) fn title() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(18)
        .set_align(FormatAlign::VerticalCenter)
}

pub(super) fn section() -> Format {
    Format::new().set_bold().set_font_size(12)
}

pub(super) fn muted() -> Format {
    Format::new().set_font_color(MUTED)
}

/// A sheet on A4, lying, one page wide, with page numbers.
pub(super) fn lay_out(sheet: &mut Worksheet, name: &str, lang: Lang) {
    let pages = match lang {
        Lang::En => "Page &P of &N",
        Lang::Zh => "第 &P 页 共 &N 页",
    };
    let name = name.replace('&', "&&");
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3)
        .set_footer(format!("&L{name}&R{pages}"));
}
