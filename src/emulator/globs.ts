const compiled = new Map<string, RegExp>();

/** Whether a path fits a glob: `*` is anything within a segment, `**` anything. `/v1` may be left out of the glob. */
export function fits(glob: string, path: string): boolean {
  let pattern = compiled.get(glob);
  if (!pattern) {
    const source = glob.split('**').map((part) => part.split('*').map((text) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('[^/]*')).join('.*');
    pattern = new RegExp(`^(?:/v1)?${source}$`);
    compiled.set(glob, pattern);
  }
  return pattern.test(path);
}
