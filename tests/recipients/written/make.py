#!/usr/bin/env python3
"""Writes the workbooks of this folder anew: with openpyxl, XlsxWriter and LibreOffice.

    python3 -m venv V && V/bin/pip install openpyxl xlsxwriter msoffcrypto-tool && V/bin/python make.py
    npm install exceljs xlsx && node make.js

A name is `library-what.xlsx`; what each must give stands in `written.rs`.
"""
import os
import shutil
import subprocess
import tempfile

import openpyxl
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

HERE = os.path.dirname(os.path.abspath(__file__))
A, B, C = "oAAAAAAAAAAAAAAAAAAAAAAAAAA1", "oBBBBBBBBBBBBBBBBBBBBBBBBBB2", "o-C_CCCCCCCCCCCCCCCCCCCCCCC3"
HEAD = ["用户openid", "金额(元)", "业务单号", "祝福语", "门店"]
ROWS = [
    [A, 1.00, "k1", "元宵快乐，团团圆圆", '南山"一"店'],
    [B, 1.37, "k2", None, "龙华店"],
    [C, 200.00, "k3", "上一当", None],
]
ESCAPED = "oR4k2v_x0041_BCDEFGHIJKLMNOP"


def path(name):
    return os.path.join(HERE, name)


def pyxl(name, change=lambda sheet: None, rows=ROWS, **of_book):
    book = openpyxl.Workbook(**of_book)
    sheet = book.active if book.worksheets else book.create_sheet()
    for row in [HEAD] + rows:
        sheet.append(row)
    change(sheet)
    book.save(path(f"openpyxl-{name}"))


def formatted(code, row=3):
    def change(sheet):
        sheet.cell(row, 2).number_format = code
    return change


def changed(address, value):
    def change(sheet):
        sheet[address] = value
    return change


def styled(sheet):
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = "A1:E4"
    sheet.column_dimensions["A"].width = 40
    sheet["E2"].comment = Comment("请核对", "x")
    for row in range(2, 5):
        sheet.cell(row, 2).number_format = '"￥"#,##0.00_);[Red]("￥"#,##0.00)'


def table(sheet):
    sheet.add_table(Table(displayName="t", ref="A1:E4"))


def rich(sheet):
    sheet["D2"] = CellRichText("元宵快乐，", TextBlock(InlineFont(b=True), "团团圆圆"))


def totals(sheet):
    sheet.append(["合计", 202.37])


def blanks(sheet):
    sheet.insert_rows(3)
    sheet.insert_rows(3)
    sheet["A9"].number_format = "@"


def texts(sheet):
    for row, amount in zip(range(2, 5), ["1.00", "1.37", "200.00"]):
        sheet.cell(row, 2).value = amount


def flat(sheet):
    # It writes no height of 0.
    sheet.row_dimensions[3].height = 0.1


def narrow(sheet):
    sheet.column_dimensions["B"].width = 0.01


def hidden(sheet):
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True


def second(sheet, state="visible"):
    other = sheet.parent.create_sheet("说明")
    other.append(["本表仅供参考"])
    other.sheet_state = state


pyxl("plain.xlsx")
pyxl("styled.xlsx", styled)
pyxl("table.xlsx", table)
pyxl("rich.xlsx", rich)
pyxl("texts.xlsx", texts)
pyxl("write-only.xlsx", write_only=True)
pyxl("blanks.xlsx", blanks)
pyxl("hidden-sheet.xlsx", lambda sheet: second(sheet, "hidden"))
pyxl("total.xlsx", totals)
pyxl("flat-row.xlsx", flat)
pyxl("narrow-column.xlsx", narrow)
pyxl("hidden.xlsx", hidden)
pyxl("two-sheets.xlsx", second)
pyxl("formula.xlsx", changed("B3", "=1+0.37"))
pyxl("sum.xlsx", lambda sheet: sheet.append(["合计", "=SUM(B2:B4)"]))
pyxl("extra-formula.xlsx", changed("E3", '="龙华"&"店"'))
pyxl("date.xlsx", changed("B3", __import__("datetime").date(2026, 1, 5)))
pyxl("truth.xlsx", changed("B3", True))
pyxl("error.xlsx", changed("B3", "#N/A"))
pyxl("merged.xlsx", lambda sheet: sheet.merge_cells("A2:A3"))
pyxl("underscore.xlsx", changed("A3", ESCAPED))
pyxl("format-0.xlsx", formatted("0"))
pyxl("format-nothing.xlsx", formatted(";;;"))
pyxl("format-percent.xlsx", formatted("0.00%"))
pyxl("format-wan.xlsx", formatted('0!.00,"万"', 4))
pyxl("format-general.xlsx", formatted("G/通用格式"))
pyxl("format-yuan.xlsx", formatted('0.00"元"'))
pyxl("number-id.xlsx", changed("C3", 20261123001))


def xw(name, change=lambda book, sheet: None, rows=ROWS, **options):
    book = xlsxwriter.Workbook(path(f"xlsxwriter-{name}"), options)
    sheet = book.add_worksheet()
    for number, row in enumerate([HEAD] + rows):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(number, column, cell)
    change(book, sheet)
    book.close()


def xw_table(book, sheet):
    sheet.add_table("A1:E4", {"columns": [{"header": name} for name in HEAD], "data": ROWS})


def xw_money(book, sheet):
    money = book.add_format({"num_format": "¥#,##0.00"})
    for number, row in enumerate(ROWS):
        sheet.write_number(number + 1, 1, row[1], money)


def xw_rich(book, sheet):
    sheet.write_rich_string("D2", "元宵快乐，", book.add_format({"bold": True}), "团团圆圆")


xw("plain.xlsx")
xw("constant-memory.xlsx", constant_memory=True)
xw("1904.xlsx", date_1904=True)
xw("zip64.xlsx", use_zip64=True)
xw("table.xlsx", xw_table)
xw("money.xlsx", xw_money)
xw("rich.xlsx", xw_rich)
xw("autofit.xlsx", lambda book, sheet: sheet.autofit())
xw("protected.xlsx", lambda book, sheet: sheet.protect("x"))
xw("formula.xlsx", lambda book, sheet: sheet.write_formula("B3", "=1+0.37"))
xw("underscore.xlsx", lambda book, sheet: sheet.write("A3", ESCAPED))
xw("hidden-column.xlsx", lambda book, sheet: sheet.set_column("B:B", None, None, {"hidden": 1}))


def office(source, target, form):
    """LibreOffice's own file of the same cells."""
    with tempfile.TemporaryDirectory() as folder:
        soffice = ["soffice", f"-env:UserInstallation=file://{folder}/home", "--headless"]
        subprocess.run(soffice + ["--convert-to", form, "--outdir", folder, path(source)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stem = os.path.splitext(source)[0]
        shutil.copy(os.path.join(folder, f"{stem}.{form.split(':')[0]}"), path(target))


CSV = "csv:Text - txt - csv (StarCalc):{},34,{},1"
office("openpyxl-plain.xlsx", "libreoffice-plain.xlsx", "xlsx")
office("openpyxl-styled.xlsx", "libreoffice-styled.xlsx", "xlsx")
office("openpyxl-hidden.xlsx", "libreoffice-hidden.xlsx", "xlsx")
office("openpyxl-formula.xlsx", "libreoffice-formula.xlsx", "xlsx")
office("openpyxl-blanks.xlsx", "libreoffice-blanks.csv", CSV.format(44, 76))
office("openpyxl-plain.xlsx", "libreoffice-tabs.csv", CSV.format(9, 76))
# Code page 437 has none of the characters.
office("openpyxl-plain.xlsx", "libreoffice-lossy.csv", CSV.format(59, 3))
office("openpyxl-plain.xlsx", "libreoffice-plain.ods", "ods")
office("openpyxl-plain.xlsx", "libreoffice-plain.xls", "xls")
office("openpyxl-plain.xlsx", "libreoffice-plain.html", "html")

from msoffcrypto.format.ooxml import OOXMLFile

with open(path("openpyxl-plain.xlsx"), "rb") as plain, open(path("msoffcrypto-password.xlsx"), "wb") as out:
    OOXMLFile(plain).encrypt("secret", out)
