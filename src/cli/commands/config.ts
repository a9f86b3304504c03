import { describeSettings } from '../../config/describe-settings.ts';
import { formatSettings } from '../../output/format-settings.ts';
import { loadInvocationSettings } from '../connect.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { RunOptions } from '../shared-options.ts';

/** Prints every setting with its origin; the key is never among the values. */
export async function showConfig(invocation: Invocation, options: RunOptions): Promise<number> {
  const { printer } = invocation;
  const { settings, searched, warnings } = await loadInvocationSettings(invocation, options);
  const rows = describeSettings(settings);
  if (printer.isJson) {
    const entries = rows.map(({ name, value, isSet, origin }) => [name, { value, isSet, origin }]);
    const document = {
      schema: 'luau-exec.config/v1',
      file: searched.file,
      settings: Object.fromEntries(entries),
      warnings,
    };
    await printer.printData(`${JSON.stringify(document)}\n`);
    return EXIT_CODES.ok;
  }
  await printer.printData(formatSettings(rows, printer.stdoutStyle));
  await printer.printWarnings(warnings);
  if (searched.file === null)
    await printer.printNotice(`no config file in ${searched.directories.join(', ')}`);
  return EXIT_CODES.ok;
}
