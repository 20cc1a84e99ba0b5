export const id = 598;
export const ids = [598];
export const modules = {

/***/ 4598:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   checkupFailure: () => (/* binding */ checkupFailure),
/* harmony export */   checkupSummary: () => (/* binding */ checkupSummary),
/* harmony export */   checkupTotal: () => (/* binding */ checkupTotal),
/* harmony export */   findingLines: () => (/* binding */ findingLines)
/* harmony export */ });
/* harmony import */ var _text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7012);
/* harmony import */ var _report_report_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7177);


const MARKS = {
    holds: '✅',
    fails: '❌',
    open: '⚠️',
    unneeded: '➖',
};
/** The lines of the log for a finding; what to do about a failure is told by {@link checkupFailure}, below them. */
function findingLines(finding) {
    return finding.verdict === 'open' ? withAdvice(finding) : [line(finding)];
}
function withAdvice(finding) {
    return [line(finding), ...advice(finding.hint).map((text) => (0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .logLine */ .B)(`   ${text}`))];
}
function line({ requirement, verdict, seen }) {
    return (0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .logLine */ .B)(`${MARKS[verdict]} ${requirement}: ${seen}`);
}
/** The job summary of a checkup, in Markdown: what fails, with what to do, then a row a requirement. */
function checkupSummary(findings) {
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    const failures = failing.map(({ requirement, seen, hint }) => {
        const lines = [`**${(0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .markdownText */ .p)(requirement)}**: ${(0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .markdownText */ .p)(seen)}`, ...advice(hint).map(_report_report_js__WEBPACK_IMPORTED_MODULE_0__/* .linked */ .q)];
        return lines.map((text) => `> ${text}`).join('  \n');
    });
    const rows = findings.map(({ requirement, verdict, seen, hint }) => {
        const told = verdict === 'fails' ? ['see above'] : [(0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .markdownText */ .p)(seen), ...advice(hint).map(_report_report_js__WEBPACK_IMPORTED_MODULE_0__/* .linked */ .q)];
        return `| ${MARKS[verdict]} | ${(0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .markdownText */ .p)(requirement)} | ${told.join('<br>')} |`;
    });
    const title = `## ${failing.length > 0 ? '❌' : '✅'} DingTalk check: ${checkupTotal(findings)}`;
    const table = ['| | Requirement | Seen |', '| :-: | :-- | :-- |', ...rows].join('\n');
    return `${[title, ...failures, table].join('\n\n')}\n`;
}
/** What all findings come to, in one line. */
function checkupTotal(findings) {
    const count = (...verdicts) => findings.filter(({ verdict }) => verdicts.includes(verdict)).length;
    const all = count('holds', 'fails', 'open');
    const en = [
        `${count('holds')} of ${all} requirements hold`,
        count('fails') > 0 && `${count('fails')} fail`,
        count('open') > 0 && `${count('open')} to note`,
    ];
    const zh = [
        `共 ${all} 项，满足 ${count('holds')} 项`,
        count('fails') > 0 && `未满足 ${count('fails')} 项`,
        count('open') > 0 && `待确认 ${count('open')} 项`,
    ];
    return `${en.filter(Boolean).join(', ')}; nothing was uploaded or sent / ${zh.filter(Boolean).join('，')}；未上传，未发送`;
}
/** The error of a checkup in which something fails: all of it, each with what to do. */
function checkupFailure(findings) {
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    const title = `${failing.length} of what this workflow needs is missing or wrong / 缺少或有误：${failing.length} 项`;
    const open = findings.filter(({ verdict }) => verdict === 'open').map(({ requirement }) => requirement);
    const rest = open.length > 0 ? [(0,_text_plain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .logLine */ .B)(`⚠️ not known, or advisable / 未知或建议: ${open.join('; ')}`)] : [];
    return [title, ...failing.flatMap(withAdvice), ...rest].join('\n');
}
function advice(hint) {
    return hint ? [`→ ${hint.en}`, `→ ${hint.zh}`] : [];
}


/***/ })

};
