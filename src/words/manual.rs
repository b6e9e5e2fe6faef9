//! Messages about the manual.

words! {
    in manual;

    /// Pages that were written.
    written(count, folder):
        "{count} page‹s› ‹is|are› in {folder}"
        "{folder} 中有 {count} 个手册页";

    /// A file in the place of a page.
    not_ours(path):
        "{path} exists and is no page of this manual; nothing was written. Choose another folder: \
         hongbao man DIR"
        "{path} 已存在，而且不是本工具的手册页；未写入任何文件。请换一个目录：hongbao man 文件夹";
}
