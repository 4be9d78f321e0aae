"""Why a file is not taken, each as one sentence that says what to do instead."""

from portal.evidence.kinds import LARGEST_FILE, LARGEST_SET, MB, MOST_FILES
from portal.words import Sentence, say

SENTENCES = {
    "empty": say("文件是空的，请重新选择。"),
    "too_large": say(
        "文件超过{limit}MB，请换小一点的：录像请剪短，文件可以打印后拍照；也可以把文件带到窗口。",
        limit=LARGEST_FILE // MB,
    ),
    "photo_cut": say("照片没有传完整，请重新选择这张照片再传。"),
    "photo_broken": say("照片打不开，可能已经损坏。请重新拍一张，或者把照片打开后截屏再传。"),
    "photo_pixels": say("照片的尺寸太大，打不开。请用普通模式重新拍一张，或者把照片打开后截屏再传。"),
    "photo_other": say("这种图片格式不能收。请把它打开后截屏，或者另存为 JPG 再上传。"),
    "pdf_locked": say("PDF 设有密码，请去掉密码后再上传。"),
    "pdf_cut": say("PDF 没有传完整或者已经损坏，请重新选择；还是不行的，请打印后拍照上传。"),
    "pdf_active": say("PDF 里带有程序或者会自动执行的操作，不能收。请把它重新打印成 PDF，或者打印后拍照上传。"),
    "pdf_attached": say(
        "PDF 里夹带了其他文件，不能收。请把它重新打印成 PDF，或者打印后拍照上传；夹带的文件请单独上传。"
    ),
    "pdf_pages": say("文件没有页面，或者超过{most}页，请拆成几份后分别上传。", most=60),
    "office_unconverted": say("这台服务器没有安装转换 Word 和 Excel 文件的程序。请先把文件另存为 PDF 再上传。"),
    "office_unreadable": say("文件转换不成。请打开后另存为 PDF 再上传。"),
    "office_revisions": say(
        "文件里还留有修订痕迹，删去的文字也在里面。请打开后逐项接受或者拒绝修订，保存后再上传。"
    ),
    "not_a_page": say("录音、录像、文本和 OFD 文件不能作为附件公开。请另存为 PDF 再上传。"),
    "office_locked": say("文件设有密码，请去掉密码后再上传。"),
    "office_macros": say("文件里带有宏程序，不能收。请另存为不带宏的文件或者 PDF，也可以打印后拍照上传。"),
    "office_embedded": say(
        "文件里嵌有其他程序、对象或者外部链接，不能收。请另存为 PDF，或者打印后拍照上传。"
    ),
    "office_broken": say("文件没有传完整或者已经损坏，请重新选择；还是不行的，请另存为 PDF 再上传。"),
    "office_other": say("这种文档格式不能收。请另存为 PDF 再上传，或者打印后拍照上传。"),
    "bomb": say("文件展开后大得不正常，不能收。请另存为 PDF，或者打印后拍照上传。"),
    "recording_cut": say("录音或者录像没有传完整，请重新选择再传。"),
    "recording_other": say("这种录音或者录像格式不能收。请转成 MP3 或者 MP4 再上传，或者把文件带到窗口。"),
    "program": say("这是程序，不能收。请上传照片、PDF 或者文档。"),
    "script": say("这是脚本或者快捷方式，不能收。请上传照片、PDF 或者文档。"),
    "web_page": say("这是网页或者 SVG 图形，不能收。请截屏后上传截屏的图片。"),
    "archive": say("这是压缩包，不能收。请解压后把里面的照片和文件分别上传。"),
    "unknown": say("这种文件不能收。请上传照片、PDF、Word、Excel 或者文本文件；其他文件请打印后拍照，或者截屏上传。"),
    "slow": say("文件太复杂，打不开。请另存为 PDF 或者截屏后再上传。"),
    "busy": say("现在查看不了这个文件，没有收下。请过几分钟再传一次，或者拨打页面下方的电话。"),
}  # fmt: skip

TOO_MANY = say("最多上传{most}个文件，请留下最能说明问题的；其余的可以以后补交，或者带到窗口。", most=MOST_FILES)  # fmt: skip
SET_TOO_LARGE = say("全部文件合起来超过{limit}MB，请减少几个；其余的可以以后补交，或者带到窗口。", limit=LARGEST_SET // MB)  # fmt: skip


class Unfit(Exception):
    """A file that is not taken; ``why`` is a key of :data:`SENTENCES`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    @property
    def sentence(self) -> Sentence:
        return SENTENCES[self.why]
