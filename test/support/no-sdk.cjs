/*
 * What tests have in place of the Webex SDK, which src/bot/framework.ts keeps out as well; under Jest it cannot, and each test file that
 * starts a bot would load it.
 */
module.exports = {};
