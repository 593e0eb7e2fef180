/** A source file without what is not code: enough to find identifiers and imports by pattern. Pure. */

const lineOf = /\/\/[^\n]*/y;
const blockOf = /\/\*[\s\S]*?\*\//y;
const stringOf = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const regexOf = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const templateTextOf = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y;

/** A slash after one of these begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\n]|\breturn|=>)\s*$/;

/** Takes comments out; with `'and texts'` also the content of strings, templates and regular expressions. */
export function strip(source: string, what: 'comments' | 'comments and texts'): string {
  const keepsTexts = what === 'comments';
  let code = '';
  let at = 0;
  /** For each template that is open, how many braces are open within its present `${}`. */
  const templates: number[] = [];

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const takeTemplateText = () => {
    const text = take(templateTextOf) ?? '';
    if (keepsTexts) code += text;
    if (source[at] === '`') {
      code += '`';
      at += 1;
    } else if (at < source.length) {
      code += keepsTexts ? '${' : '{';
      at += 2;
      templates.push(0);
    }
  };

  while (at < source.length) {
    const character = source[at] ?? '';
    if (take(lineOf) !== undefined) continue;
    if (take(blockOf) !== undefined) {
      code += ' ';
      continue;
    }
    const isRegex = character === '/' && BEFORE_REGEX.test(code.slice(-20));
    const text = take(stringOf) ?? (isRegex ? take(regexOf) : undefined);
    if (text !== undefined) {
      code += keepsTexts ? text : "''";
      continue;
    }
    code += character;
    at += 1;
    if (character === '`') takeTemplateText();
    const braces = templates.at(-1);
    if (braces === undefined) continue;
    if (character === '{') templates[templates.length - 1] = braces + 1;
    if (character === '}' && braces > 0) templates[templates.length - 1] = braces - 1;
    if (character === '}' && braces === 0) {
      templates.pop();
      takeTemplateText();
    }
  }
  return code;
}

/** Every identifier once, keywords included. */
export function identifiersIn(source: string): Set<string> {
  return new Set(strip(source, 'comments and texts').match(/[A-Za-z_$][\w$]*/g));
}

/** What a file exports by name. */
export function exportedNames(source: string): string[] {
  const code = strip(source, 'comments and texts');
  const declared = code.matchAll(
    /^export\s+(?:async\s+)?(?:const|let|function\*?|class|interface|type|enum)\s+(\w+)/gm,
  );
  return [...new Set([...declared].map(([, name = '']) => name))];
}

/** `readHTTPAnswer-two` → read, http, answer, two. */
export function wordsOf(name: string): string[] {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return words.map((word) => word.toLowerCase());
}
