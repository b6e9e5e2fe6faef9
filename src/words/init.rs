//! Messages of `init`.

words! {
    in init;

    /// A folder that is somebody's.
    not_empty(path):
        "{path} is not an empty folder, and nothing was written. Choose another: hongbao init DIR"
        "{path} 不是空目录；未写入任何文件。请换一个目录：hongbao init 文件夹";

    /// Above the questions.
    asks():
        "six questions; Enter takes the value in brackets; all can be changed in the file later"
        "共六个问题；直接回车采用方括号中的值，之后都可以在文件中修改";

    /// A question.
    question(what, value):
        "{what} [{value}]:"
        "{what} [{value}]：";

    /// An answer that the campaign file could not have.
    again(fault):
        "  {fault}"
        "  {fault}";

    /// The input ended before the last question.
    broken_off():
        "the input ended before the last answer; nothing was written. Again: hongbao init DIR"
        "输入在最后一个问题之前结束；未写入任何文件。请重新执行：hongbao init 文件夹";

    /// A campaign that was made.
    made(file, list, secrets):
        "made {file}, with {list}, .gitignore and {secrets} beside it"
        "已生成 {file}，同目录下有 {list}、.gitignore 和 {secrets}";

    /// How it becomes a real one.
    own(list):
        "it runs on the simulator as it is, without money; put your own list into {list}, and for \
         real money the merchant's files into secrets/"
        "现在即可在模拟器上运行，不动用真实资金；请把 {list} 换成自己的名单，真实付款前将商户文件放入 secrets/";
}
