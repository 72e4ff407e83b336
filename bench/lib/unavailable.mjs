// @ts-check

/** A peer that cannot be installed or started here: what was tried, and what it said. */
export class Unavailable extends Error {
  /**
   * @param {string} command
   * @param {string} said
   */
  constructor(command, said) {
    super(`${command}: ${said}`);
    this.name = 'Unavailable';
    this.command = command;
    this.said = said;
  }
}
