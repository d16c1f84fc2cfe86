"""Skeletons of many families as indented names of bones."""

# Each bone is written below what carries it. `*` marks the head, `+` its neck, from the chest upward.
RIGS = {
    "control rig with hinges, mechanism and deforming bones": """
        MSTR-Root
         MSTR-Hips
          FK-Spine
           FK-Chest
            +FK-Neck
             HNG-Head
              *FK-Head
               DEF-Head
               STR-Head
               STR-TIP-Head
             DEF-Neck
             STR-Neck
            FK-Clavicle.L
             FK-UpperArm.L
            FK-Clavicle.R
             FK-UpperArm.R""",
    "Rigify, generated": """
        root
         torso
          MCH-spine
           chest
            +neck
             MCH-ROT-head
              *head
               ORG-spine.006
                DEF-spine.006
                ORG-face
                 forehead.L
                 forehead.R
             tweak_spine.005
            ORG-spine.004
             DEF-spine.004""",
    "Source": """
        ValveBiped.Bip01_Pelvis
         ValveBiped.Bip01_Spine4
          +ValveBiped.Bip01_Neck1
           *ValveBiped.Bip01_Head1
            ValveBiped.forward
            ValveBiped.Bip01_Head_hat
            ValveBiped.lookat
          ValveBiped.Bip01_L_Clavicle
          ValveBiped.Bip01_R_Clavicle""",
    "Source with attachments": """
        bip_pelvis
         bip_spine_3
          +bip_neck
           *bip_head
            prp_helmet
            prp_hat
            head_attachment
            jigglebone""",
    "Koikatsu": """
        cf_j_hips
         cf_j_spine03
          +cf_j_neck
           +cf_s_neck
            *cf_j_head
             cf_s_head
              p_cf_head_bone
               cf_J_N_FaceRoot
                cf_J_FaceBase
          cf_d_shoulder_L
           cf_j_shoulder_L
          cf_d_shoulder_R
           cf_j_shoulder_R""",
    "chain of joint, scale and mesh bones": """
        a_j_spine
         +a_j_neck
          *a_j_head
           a_s_head
            a_head_bone""",
    "Mixamo, numbered": """
        mixamorig12:Spine2
         +mixamorig12:Neck
          *mixamorig12:Head
           mixamorig12:HeadTop_End
           mixamorig12:LeftEye
           mixamorig12:RightEye""",
    "Mixamo without a colon": """
        mixamorig_Spine2
         +mixamorig_Neck
          *mixamorig_Head
           mixamorig_HeadTop_End""",
    "Unreal": """
        pelvis
         spine_05
          +neck_01
           +neck_02
            *head
          clavicle_l
           upperarm_l
          clavicle_r
           upperarm_r""",
    "MetaHuman": """
        spine_05
         +neck_01
          +neck_02
           *head
            FACIAL_C_FacialRoot
             FACIAL_C_Neck2Root
             FACIAL_C_Skull
             FACIAL_L_Eye
             FACIAL_R_Eye
           FACIAL_C_Neck1Root""",
    "Daz Genesis": """
        chestUpper
         +neckLower
          +neckUpper
           *head
            upperTeeth
            lowerJaw
            upperFaceRig
            rEye
            lEye""",
    "Reallusion": """
        CC_Base_Spine02
         +CC_Base_NeckTwist01
          +CC_Base_NeckTwist02
           *CC_Base_Head
            CC_Base_FacialBone
             CC_Base_JawRoot
             CC_Base_L_Eye
             CC_Base_R_Eye
         CC_Base_L_Clavicle
         CC_Base_R_Clavicle""",
    "VRM": """
        J_Bip_C_UpperChest
         +J_Bip_C_Neck
          *J_Bip_C_Head
           J_Adj_L_FaceEye
           J_Adj_R_FaceEye
           J_Sec_Hair1_01""",
    "MMD": """
        全ての親
         センター
          上半身
           上半身2
            +首
             *頭
              左目
              右目
              頭先
            左肩
             左腕
            右肩
             右腕""",
    "Second Life": """
        mPelvis
         mTorso
          mChest
           +mNeck
            *mHead
             mSkull
             mEyeLeft
             mEyeRight
             mFaceRoot
           mCollarLeft
           mCollarRight""",
    "Auto-Rig Pro": """
        c_spine_02.x
         +c_neck.x
          head_scale_fix.x
           *c_head.x
            c_skull_01.x
            c_skull_02.x
            head.x
         neck_ref.x
          head_ref.x
         neck.x""",
    "Unity": """
        Hips
         Chest
          UpperChest
           +Neck
            *Head
             Jaw
             LeftEye
             RightEye""",
    "Biped": """
        Bip001
         Bip001 Pelvis
          Bip001 Spine
           Bip001 Spine1
            +Bip001 Neck
             *Bip001 Head
              Bip001 HeadNub
              Bip001 Ponytail1
            Bip001 L Clavicle
             Bip001 L UpperArm""",
    "Biped whose collar bones hang on the neck": """
        Bip01 Spine1
         Bip01 Neck
          *Bip01 Head
           Bip01 HeadNub
          Bip01 L Clavicle
           Bip01 L UpperArm
          Bip01 R Clavicle
           Bip01 R UpperArm""",
    "Maya": """
        character:Root_jnt
         character:Spine3_jnt
          +character:Neck_jnt
           *character:Head_jnt
            character:HeadEnd_jnt
            character:Jaw_jnt""",
    "Advanced Skeleton": """
        Chest_M
         +Neck_M
          *Head_M
           HeadEnd_M
           Eye_L
           Eye_R""",
    "controls doubled as FK and IK": """
        chest
         +FK_Neck
          *FK_Head
         IK_Neck
          IK_Head
         MCH_Neck
          MCH_Head""",
    "no neck": """
        root
         chest
          *head
           ear.L
           ear.R
           hat
          shoulder.L
           upper_arm.L""",
    "a neck beside the head": """
        root
         chest
          neck
          *head""",
    "a neck below the head": """
        chest
         *head
          neck""",
    "things called head": """
        root
         chest
          +neck
           *head
            headphones
            arm_head
            head_hat
            HeadLight
            head_target
         HammerHead
         Head_LookAt""",
    "capitals": """
        CHEST
         +NECK
          *HEAD
           HEADEND
           HEADNUB""",
    "numbers": """
        Spine1
         +Neck1
          +Neck2
           *Head1
            Head1_end""",
    "German": """
        Brust
         +Hals
          *Kopf
           Kopf_Ende
           Auge_links
           Auge_rechts""",
    "French": """
        poitrine
         +cou
          *tête
           œil_gauche
           œil_droit""",
    "Spanish": """
        pecho
         +cuello
          *cabeza""",
    "Russian": """
        грудь
         +шея
          *голова""",
    "Korean": """
        가슴
         +목
          *머리""",
    "Chinese": """
        胸
         +脖子
          *头部""",
    "horse": """
        spine.006
         +neck.001
          +neck.002
           +neck.003
            *head
             ear.L
             ear.R
             jaw
         front_shoulder.L
          front_thigh.L""",
    "end bone as importers write it": """
        Spine
         +Neck
          *Head
           Head_end
            Head_end_end""",
    "suffixes of a studio": """
        chest_bnd
         +neck_01_bnd
          *head_01_bnd
           head_01_end
           skull_grp""",
    "Rigify meta-rig of a wolf": """
        spine.004
         spine.003
         spine.005
          spine.006
           spine.008
            spine.009
             spine.010
              spine.011
               face
                ear.L
                ear.R
            shoulder.L
             front_thigh.L
              front_shin.L
            shoulder.R
             front_thigh.R
              front_shin.R""",
}


def read(text):
    """Parents, the marked head, and its marked neck."""
    parents: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    head, neck = "", []
    for line in filter(str.strip, text.splitlines()):
        name = line.strip()
        depth = len(line) - len(line.lstrip())
        while above and above[-1][0] >= depth:
            above.pop()
        bone = name.lstrip("*+")
        parents[bone] = above[-1][1] if above else None
        above.append((depth, bone))
        if name[0] == "*":
            head = bone
        if name[0] == "+":
            neck.append(bone)
    return parents, head, tuple(neck)
