import { Console, type Effect } from "effect"
import { inertLog } from "../domain/text.ts"

/** Prints a text for people to standard output. Its words come from traces: no line of it may command a CI system. */
export const say = (text: string): Effect.Effect<void> => Console.log(inertLog(text))
