import { ChildProver, type ChildProverOptions } from '../../src/proof/backend/child-prover.ts'

/** The backend that runs wherever Node does, alone. */
export class SnarkjsProver extends ChildProver {
  constructor(artifacts?: ChildProverOptions['artifacts']) {
    super({ name: 'snarkjs' }, { artifacts })
  }
}
