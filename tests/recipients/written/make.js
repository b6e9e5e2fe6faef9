// Writes workbooks with exceljs and SheetJS: see make.py.
const ExcelJS = require("exceljs");
const XLSX = require("xlsx");
const fs = require("fs");

const path = (name) => __dirname + "/" + name;
const A = "oAAAAAAAAAAAAAAAAAAAAAAAAAA1", B = "oBBBBBBBBBBBBBBBBBBBBBBBBBB2", C = "o-C_CCCCCCCCCCCCCCCCCCCCCCC3";
const HEAD = ["用户openid", "金额(元)", "业务单号", "祝福语", "门店"];
const ROWS = [
  [A, 1.0, "k1", "元宵快乐，团团圆圆", '南山"一"店'],
  [B, 1.37, "k2", null, "龙华店"],
  [C, 200.0, "k3", "上一当", null],
];
const ESCAPED = "oR4k2v_x0041_BCDEFGHIJKLMNOP";

async function exceljs(name, change = () => {}) {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("名单");
  sheet.addRows([HEAD, ...ROWS]);
  change(sheet, book);
  await book.xlsx.writeFile(path(`exceljs-${name}`));
}

async function streamed() {
  const options = { filename: path("exceljs-streamed.xlsx"), useSharedStrings: false };
  const book = new ExcelJS.stream.xlsx.WorkbookWriter(options);
  const sheet = book.addWorksheet("名单");
  for (const row of [HEAD, ...ROWS]) sheet.addRow(row).commit();
  await book.commit();
}

function sheetjs(name, options = {}, change = () => {}) {
  const sheet = XLSX.utils.aoa_to_sheet([HEAD, ...ROWS]);
  const book = XLSX.utils.book_new();
  XLSX.utils.book_append_sheet(book, sheet, "名单");
  change(sheet, book);
  XLSX.writeFile(book, path(`sheetjs-${name}`), { compression: true, ...options });
}

(async () => {
  await exceljs("plain.xlsx");
  await streamed();
  await exceljs("styled.xlsx", (sheet) => {
    sheet.getColumn(2).numFmt = "0.00";
    sheet.getRow(1).font = { bold: true };
    sheet.views = [{ state: "frozen", ySplit: 1 }];
    sheet.autoFilter = "A1:E4";
  });
  await exceljs("rich.xlsx", (sheet) => {
    sheet.getCell("D2").value = { richText: [{ text: "元宵快乐，" }, { font: { bold: true }, text: "团团圆圆" }] };
  });
  await exceljs("validated.xlsx", (sheet) => {
    sheet.getCell("B2").dataValidation = { type: "decimal", formulae: [1, 200], operator: "between" };
    sheet.getCell("E2").note = "请核对";
  });
  await exceljs("formula.xlsx", (sheet) => (sheet.getCell("B3").value = { formula: "1+0.37" }));
  await exceljs("formula-result.xlsx", (sheet) => (sheet.getCell("B3").value = { formula: "1+0.37", result: 1.37 }));
  await exceljs("underscore.xlsx", (sheet) => (sheet.getCell("A3").value = ESCAPED));
  await exceljs("flat-row.xlsx", (sheet) => (sheet.getRow(3).height = 0.1));
  await exceljs("hidden.xlsx", (sheet) => {
    sheet.getRow(3).hidden = true;
    sheet.getColumn(2).hidden = true;
  });
  await exceljs("two-sheets.xlsx", (sheet, book) => book.addWorksheet("说明").addRow(["x"]));
  await exceljs("date.xlsx", (sheet) => (sheet.getCell("B3").value = new Date("2026-01-05")));
  await exceljs("merged.xlsx", (sheet) => sheet.mergeCells("A2:A3"));
  await exceljs("format-0.xlsx", (sheet) => (sheet.getCell("B3").numFmt = "0"));

  sheetjs("plain.xlsx");
  sheetjs("shared.xlsx", { bookSST: true, compression: true });
  sheetjs("macros.xlsm");
  sheetjs("formats.xlsx", {}, (sheet) => ["B2", "B3", "B4"].forEach((at) => (sheet[at].z = "0.00")));
  sheetjs("texts.xlsx", {}, (sheet) => {
    sheet.B2 = { t: "s", v: "1.00" };
    sheet.B3 = { t: "s", v: "1.37" };
    sheet.B4 = { t: "s", v: "200.00" };
  });
  sheetjs("formula.xlsx", {}, (sheet) => (sheet.B3 = { t: "n", f: "1+0.37" }));
  sheetjs("underscore.xlsx", {}, (sheet) => (sheet.A3 = { t: "s", v: ESCAPED }));
  sheetjs("truth.xlsx", {}, (sheet) => (sheet.B3 = { t: "b", v: true }));
  sheetjs("error.xlsx", {}, (sheet) => (sheet.B3 = { t: "e", v: 42 }));
  sheetjs("hidden.xlsx", {}, (sheet) => (sheet["!rows"] = [{}, {}, { hidden: true }]));
  sheetjs("plain.xlsb");
  sheetjs("plain.xls", { bookType: "biff8" });
  sheetjs("plain-5.xls", { bookType: "biff5" });
  sheetjs("plain-xml.xls", { bookType: "xlml" });
  sheetjs("plain.ods");
  sheetjs("plain.html");
  sheetjs("plain.slk", { bookType: "sylk" });
  sheetjs("plain.txt", { bookType: "txt" });
  sheetjs("plain.csv");
  fs.writeFileSync(path("sheetjs-tabs.csv"), "\uFEFF" + XLSX.utils.sheet_to_csv(XLSX.utils.aoa_to_sheet([HEAD, ...ROWS]), { FS: "\t" }));
  fs.writeFileSync(path("sheetjs-plain.json"), JSON.stringify(ROWS.map((row) => Object.fromEntries(row.map((cell, i) => [HEAD[i], cell])))));
})();
