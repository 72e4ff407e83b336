// @ts-check
import { readFileSync, writeFileSync } from 'node:fs';
import { tablesOf } from './tables.mjs';
import { targetsOf } from './targets.mjs';

const begin = '<!-- figures: written by `npm run bench -- --write` -->';
const end = '<!-- end of figures -->';

/**
 * Everything that a run came to, in Markdown.
 *
 * @param {any} results
 * @returns {string}
 */
export const reportOf = results => {
  const { machine, settings, loadAverages, subjects, unavailable } = results;
  const rows = (/** @type {string[][]} */ cells) =>
    cells.map(row => `| ${row.join(' | ')} |`).join('\n');
  const loads = loadAverages
    .map((/** @type {number} */ load) => load.toFixed(1))
    .join(', ');
  return [
    `${results.takenAt}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, ${machine.kernel}, Node ${machine.node}. ${
      settings.pin
        ? 'The subject on one core; load, upstream, Redis and PostgreSQL on the other.'
        : 'Nothing kept to a core.'
    } ${settings.rounds} rounds of ${settings.seconds} s, each subject warmed up for ${settings.warmUpSeconds} s, and for ${settings.leadInSeconds} s before each throughput; streams of ${settings.tokens} chunks, one every ${settings.everyMs} ms. Processes that wanted to run at the start of each round: ${loads}; more than one or two says that the machine was busy with other things, and that times are too long.`,
    `A look into memory took ${machine.memory.atOnceNs.toFixed(0)} ns when it had been looked at just before, and ${machine.memory.afterPauseNs.toFixed(0)} ns after a pause of 10 ms (128 KB, before anything else ran). So much longer takes all that is done after a pause, and at 100 requests a second that is everything: others use the same caches, or the processor loses them when it sleeps.`,
    `| what is to hold | measured | holds |\n| --- | --: | --- |\n${rows(
      targetsOf(results).map(({ target, measured, holds }) => [
        target,
        measured,
        holds === null ? 'not measured' : holds ? 'yes' : '**no**',
      ]),
    )}`,
    tablesOf(results),
    `| subject | version | settings |\n| --- | --- | --- |\n${rows(
      subjects.map((/** @type {any} */ s) => [
        s.title,
        s.version ?? '–',
        s.settings,
      ]),
    )}`,
    ...unavailable.map(
      (/** @type {any} */ u) =>
        `**${u.title}** is not among them. Tried: \`${u.command}\`. It said: ${withoutAddresses(u.said)}`,
    ),
    ...subjects.flatMap((/** @type {any} */ s) => oddities(s)),
  ].join('\n\n');
};

/** What went wrong, where a figure alone would not say it. @param {any} subject */
const oddities = subject => {
  const kinds = Object.entries(subject.streams).flatMap(([n, entries]) =>
    entries.flatMap((/** @type {any} */ e) =>
      Object.entries(e.failures).map(
        ([how, count]) => `${count} of ${n}: ${how}`,
      ),
    ),
  );
  const all = [...kinds, ...subject.failures];
  return all.length > 0
    ? [
        `What became of streams of ${subject.title} that were not whole: ${all.join('; ')}.`,
      ]
    : [];
};

/** Which registry was asked is the machine's own affair. @param {string} text */
const withoutAddresses = text =>
  text.replaceAll(/https?:\/\/\S+/g, '…').replaceAll(/\s+/g, ' ');

/**
 * Puts a report where the document has its figures.
 *
 * @param {string} file
 * @param {string} report
 */
export const writeDocument = (file, report) => {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`${file} has no place for figures`);
  writeFileSync(
    file,
    `${text.slice(0, from)}${begin}\n\n${report}\n\n${text.slice(to)}`,
  );
};
